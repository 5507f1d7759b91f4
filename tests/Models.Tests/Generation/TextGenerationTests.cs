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
    public void TokensOfOtherModelsAllocateNothingEither(
        [Values("llama-trained-tiny", "t5-trained-tiny")] string name, [Values(1, 3)] int samples)
    {
        var config = Endless(60);
        (config.DoSample, config.TopP, config.TypicalP, config.Seed, config.NumReturnSequences) = (samples > 1, 0.9, 0.8, 1, samples);
        (config.RepetitionPenalty, config.NoRepeatNGramSize, config.BadWordsIds) = (1.2, 9, [[3], [5, 8]]);
        var ids = Tensor.From(new long[] { 40, 50, 87, 104, 84, 104, 101, 121 }, [2, 4]);
        using var loop = GenerationLoop.For(ModelGoldens.Generator(name), new GenerateInputs(ids), config);
        Assert.That(Allocations.OfTen(loop.Step), Is.Zero, "bytes of ten tokens");
    }

    [Test]
    public async Task RowsOfAStreamEndOneByOne()
    {
        var ids = Tensor.From("What say"u8.ToArray().Concat("First Ci"u8.ToArray()).Select(letter => (long)letter).ToArray(), [2, 8]);
        var config = new GenerationConfig { MaxNewTokens = 16, EosTokenIds = [10, 32], PadTokenId = 1 };
        var whole = _model.Generate(ids, config: config);
        List<int>[] rows = [[], []];
        var last = new bool[2];
        await foreach (var token in _model.GenerateStreamAsync(new GenerateInputs(ids), config))
        {
            Assert.That(last[token.Row], Is.False, "nothing comes behind the end of a row");
            rows[token.Row].Add(token.Id);
            last[token.Row] = token.IsLast;
        }
        Assert.That(last, Is.All.True);
        var width = (int)whole.Size(1);
        for (var row = 0; row < 2; row++)
        {
            var expected = whole.ToArray<long>()[((row * width) + 8)..((row + 1) * width)].Select(id => (int)id);
            Assert.That(rows[row].Concat(Enumerable.Repeat(1, width - 8 - rows[row].Count)), Is.EqualTo(expected));
        }
        (config.DoSample, config.NumReturnSequences) = (true, 2);
        Assert.That(
            () => _model.GenerateStream(Prompt, config),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("num_return_sequences is more than 1"));
        (config.DoSample, config.NumBeams) = (false, 2);
        Assert.That(
            () => _model.GenerateStreamAsync(new GenerateInputs(ids), config),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("num_beams is more than 1"));
    }

    [Test]
    public void ProcessorsAndCriteriaOfOnesOwn()
    {
        var inputs = new GenerateInputs(PromptTensor) { LogitsProcessors = [new Only(65)], StoppingCriteria = [new AtLength(24)] };
        var found = _model.Generate(inputs, Endless(20)).Sequences.ToArray<long>();
        Assert.That(found[Prompt.Length..], Is.EqualTo(new long[] { 65, 65, 65, 65, 65 }));
        var config = Endless(20);
        config.MinNewTokens = 3;
        Assert.That(
            () => _model.Generate(inputs with { LogitsProcessors = [new MinNewTokensProcessor(1, 2, [3])] }, config),
            Throws.ArgumentException.With.Message.Contains("MinNewTokensProcessor is given twice"));
    }

    [Test]
    public void TimeEndsEveryStrategy([Values(1, 2)] int beams)
    {
        var config = Endless(30);
        (config.MaxTime, config.NumBeams) = (0, beams);
        Assert.That(_model.Generate(PromptTensor, config: config).Size(1), Is.InRange(Prompt.Length + 1, Prompt.Length + 2));
    }

    [Test]
    public void TransitionScoresAddUpToABeamsScore([Values(1, 2)] int groups)
    {
        var config = new GenerationConfig
        {
            MaxNewTokens = 14, NumBeams = 4, NumReturnSequences = 4, EosTokenIds = [10, 46], PadTokenId = 1, OutputScores = true, ReturnDictInGenerate = true,
            NumBeamGroups = groups, DiversityPenalty = groups > 1 ? 0.5 : 0, LengthPenalty = 0,
        };
        var output = _model.Generate(new GenerateInputs(PromptTensor), config);
        Assert.That(output.TransitionScores().Select(row => row.Sum()), Is.EqualTo(output.SequencesScores).Within(1e-3f));
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

    private sealed class Only(int token) : LogitsProcessor
    {
        public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
        {
            scores.Fill(float.NegativeInfinity);
            scores[token] = 0;
        }
    }

    private sealed class AtLength(int length) : StoppingCriterion
    {
        public override bool IsMet(in GenerationState state) => state.Length >= length && state.Row(0)[^1] == 65;
    }

    private static GenerationConfig Endless(int tokens) => new() { MaxNewTokens = tokens, EosTokenIds = [-1], PadTokenId = 0 };
}
