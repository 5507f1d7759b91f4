using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Generation;

/// <summary>The programs of docs/generation.md, so that they compile and run as they are printed there.</summary>
public class DocumentedExamples
{
    private readonly PreTrainedModel model = ModelGoldens.Gpt2("gpt2-trained-tiny");
    private readonly Tensor inputIds = Tensor.From([87L, 104, 97, 116], [2, 2]);
    private readonly Tensor mask = Tensor.From([1L, 1, 1, 1], [2, 2]);
    private readonly GenerationConfig config = new() { MaxNewTokens = 4, NumBeams = 2, EosTokenIds = [-1], PadTokenId = 0 };

    [Test]
    public void EverythingThatGoesInAndComesOut()
    {
        var output = model.Generate(
            new GenerateInputs(inputIds)
            {
                AttentionMask = mask,
                LogitsProcessors = [new Ban(13)],
                StoppingCriteria = [new AtTwenty()],
                Warn = Console.Error.WriteLine,
            },
            config);
        Console.WriteLine($"{output.Sequences} {output.SequencesScores?[0]} {output.BeamIndices?[0][0]}");
        Assert.That(output.Sequences.Size(1), Is.EqualTo(6));
    }

    [Test]
    public async Task Streams()
    {
        config.NumBeams = 1;
        var tokenizer = Tokenizer.FromPretrained(ModelGoldens.Path("tokenizers", "bytelevel-bpe"));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var text = new TextStream(tokenizer);
        await foreach (var token in model.GenerateStreamAsync([87, 104], config, cancellation: stop.Token))
        {
            Console.Write(text.Add(token));
        }
        Console.WriteLine(text.Finish());

        var count = 0;
        await foreach (var (row, token, isLast) in model.GenerateStreamAsync(new GenerateInputs(inputIds), config, stop.Token))
        {
            Console.WriteLine($"row {row}: {token}{(isLast ? ", its last" : "")}");
            count++;
        }
        Assert.That(count, Is.EqualTo(8));
    }

    private sealed class Ban(int token) : LogitsProcessor
    {
        public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores) => scores[token] = float.NegativeInfinity;
    }

    private sealed class AtTwenty : StoppingCriterion
    {
        public override bool IsMet(in GenerationState state) => state.Length >= 20;
    }
}
