using NativeTrainer.Autograd;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Generation;

/// <summary>Streams, cancellation, seeds, memory, and inputs that do not fit.</summary>
public class TextGenerationTests
{
    private static readonly int[] Prompt = [.. "First Citizen:\nWe a"u8.ToArray().Select(letter => (int)letter)];

    private readonly Gpt2LMHeadModel _model = ModelGoldens.Gpt2("gpt2-trained-tiny");

    private Tensor PromptTensor => Tensor.From(Prompt, [1, Prompt.Length]);

    [Test]
    public void AStreamGivesTheTokensThatFollowThePrompt([Values] bool sampled)
    {
        var config = new GenerationConfig { MaxNewTokens = 12, DoSample = sampled, Seed = 5, EosTokenIds = [-1], PadTokenId = 0 };
        var whole = _model.Generate(PromptTensor, config: config).ToArray<long>();
        Assert.That(_model.GenerateStream(Prompt, config), Is.EqualTo(whole[Prompt.Length..].Select(id => (int)id)));
    }

    [Test]
    public async Task AnAsynchronousStreamGivesTheSame()
    {
        var config = Endless(6);
        List<int> tokens = [];
        await foreach (var token in _model.GenerateStreamAsync(Prompt, config)) tokens.Add(token);
        Assert.That(tokens, Is.EqualTo(_model.GenerateStream(Prompt, config)));
    }

    [Test]
    public async Task CancellationEndsStreamsAndThrowsElsewhere()
    {
        var config = Endless(30);
        using var source = new CancellationTokenSource();
        var count = 0;
        foreach (var _ in _model.GenerateStream(Prompt, config, cancellation: source.Token))
        {
            if (++count == 3) await source.CancelAsync();
        }
        Assert.That(count, Is.EqualTo(3));
        await foreach (var _ in _model.GenerateStreamAsync(Prompt, config, cancellation: source.Token)) count++;
        await foreach (var _ in _model.GenerateStreamAsync(Prompt, config).WithCancellation(source.Token)) count++;
        Assert.That(count, Is.EqualTo(3));
        Assert.That(
            () => _model.Generate(PromptTensor, config: config, cancellation: source.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void ASeedMakesSamplesRepeatAndLeavesTheThreadsGeneratorAlone()
    {
        var config = Endless(10);
        (config.DoSample, config.Temperature, config.Seed) = (true, 2.0, 11);
        TorchGenerator.Default.Seed(1);
        var first = _model.Generate(PromptTensor, config: config).ToArray<long>();
        Assert.That(TorchGenerator.Default.NextUInt32(), Is.EqualTo(new TorchGenerator(1).NextUInt32()));
        Assert.That(_model.Generate(PromptTensor, config: config).ToArray<long>(), Is.EqualTo(first));
        config.Seed = 12;
        Assert.That(_model.Generate(PromptTensor, config: config).ToArray<long>(), Is.Not.EqualTo(first));
    }

    [Test]
    public void TokensAllocateNothingOnceTheBuffersAreThere([Values] bool sampled, [Values] bool padded)
    {
        var config = Endless(60);
        (config.DoSample, config.TopP, config.Seed) = (sampled, 0.9, 1);
        var ids = Tensor.From(new long[] { 0, 0, 87, 104, 84, 104, 101, 121 }, [2, 4]);
        Tensor? mask = padded ? Tensor.From(new long[] { 0, 0, 1, 1, 1, 1, 1, 1 }, [2, 4]) : null;
        using var loop = GenerationLoop.For(_model, new GenerateInputs(ids) { AttentionMask = mask }, config);
        Assert.That(Allocations.OfTen(loop.Step), Is.Zero, "bytes of ten tokens");
    }

    [Test]
    public void PromptsThatDoNotFitAreTold()
    {
        List<string> warnings = [];
        _model.Generate(
            PromptTensor, config: new GenerationConfig { MaxLength = 5, EosTokenIds = [-1], PadTokenId = 0 }, warn: warnings.Add);
        var ids = Tensor.From(new long[] { 87, 104, 0, 84, 104, 101 }, [2, 3]);
        var mask = Tensor.From(new long[] { 1, 1, 0, 1, 1, 1 }, [2, 3]);
        _model.Generate(ids, mask, new GenerationConfig { EosTokenIds = [-1], PadTokenId = 0 }, warnings.Add);
        Assert.That(warnings, Has.Count.EqualTo(3));
        Assert.That(warnings[0], Does.Contain("19 ids and max_length is 5"));
        Assert.That(warnings[1], Does.Contain("max_length is 20 by default"));
        Assert.That(warnings[2], Does.Contain("padded on the left"));
    }

    [Test]
    public void InputsThatDoNotFitAreRefused()
    {
        var config = Endless(100);
        Assert.That(
            () => _model.Generate(PromptTensor, config: config),
            Throws.ArgumentException.With.Message.Contains("n_positions, which is 64"));
        Assert.That(() => _model.GenerateStream([], config), Throws.ArgumentException.With.Message.Contains("at least one id"));
        Assert.That(
            () => _model.Generate(PromptTensor, Tensor.From([1, 1], [1, 2])),
            Throws.ArgumentException.With.Message.Contains("attention_mask has the shape of input_ids"));
        Assert.That(
            () => _model.Generate(PromptTensor, PromptTensor),
            Throws.ArgumentException.With.Message.Contains("attention_mask holds 0 and 1, found 70"));
        Assert.That(
            () => _model.Transformer.Generate(PromptTensor),
            Throws.TypeOf<NotSupportedException>().With.Message.Contains("GPT2Model does not generate"));
        config.MaxNewTokens = 0;
        Assert.That(
            () => _model.Generate(PromptTensor, config: config),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("max_new_tokens is 0"));
    }

    [Test]
    public void DoublePrecisionModelsGenerate()
    {
        var config = Endless(12);
        var expected = _model.Generate(PromptTensor, config: config).ToArray<long>();
        Assert.That(
            ModelGoldens.Gpt2("gpt2-trained-tiny", DType.Float64).Generate(PromptTensor, config: config).ToArray<long>(),
            Is.EqualTo(expected));
    }

    private static GenerationConfig Endless(int tokens) => new() { MaxNewTokens = tokens, EosTokenIds = [-1], PadTokenId = 0 };
}
