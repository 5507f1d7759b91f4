namespace NativeTrainer.Models;

/// <summary>Bans the tokens that would make a run of n tokens come a second time in the row, prompt and padding included.</summary>
public sealed class NoRepeatNGramProcessor(int size) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores) => Ban(ids, ids, size, scores);

    // Bans what stands in source behind the last size - 1 tokens of ids.
    internal static void Ban(ReadOnlySpan<long> ids, ReadOnlySpan<long> source, int size, Span<float> scores)
    {
        if (ids.Length < size - 1) return;
        var end = ids[^(size - 1)..];
        for (var rest = source; rest.Length >= size;)
        {
            var found = end.IsEmpty ? 0 : rest[..^1].IndexOf(end);
            if (found < 0) return;
            scores[(int)rest[found + end.Length]] = float.NegativeInfinity;
            rest = rest[(found + 1)..];
        }
    }
}
