using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>What is continued, or answered: the arguments of Hugging Face's <c>generate()</c> that are no options.</summary>
/// <param name="InputIds">
/// [batch, length]: prompts, shorter ones padded on the left; of a model with an encoder what that reads, padded on the right.
/// </param>
public sealed record GenerateInputs(Tensor InputIds)
{
    /// <summary>[batch, length], 0 for padding. Where null, ids that are the padding id are padding, unless that also ends texts.</summary>
    public Tensor? AttentionMask { get; init; }

    /// <summary>
    /// [batch, length]: what the decoder of a model with an encoder has written already; the start token comes in front where no row begins
    /// with it.
    /// </summary>
    public Tensor? DecoderInputIds { get; init; }

    /// <summary>Processors of your own, which come behind those of the options.</summary>
    public IReadOnlyList<LogitsProcessor> LogitsProcessors { get; init; } = [];

    /// <summary>Reasons of your own to stop.</summary>
    public IReadOnlyList<StoppingCriterion> StoppingCriteria { get; init; } = [];

    /// <summary>Is told of options without effect, and of prompts that are too long or padded on the wrong side.</summary>
    public Action<string>? Warn { get; init; }
}
