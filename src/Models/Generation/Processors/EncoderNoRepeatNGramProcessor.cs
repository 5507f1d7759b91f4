namespace NativeTrainer.Models;

/// <summary>Bans the tokens that would repeat a run of n tokens of the encoder's input; of the prompt, where there is no encoder.</summary>
/// <param name="size">n.</param>
/// <param name="inputs">The ids of each input, padding included.</param>
/// <param name="rows">How many rows are generated; those of an input are neighbours.</param>
public sealed class EncoderNoRepeatNGramProcessor(int size, IReadOnlyList<long[]> inputs, int rows) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores) =>
        NoRepeatNGramProcessor.Ban(ids, inputs[row / Math.Max(1, rows / inputs.Count)], size, scores);
}
