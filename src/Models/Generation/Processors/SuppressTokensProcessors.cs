namespace NativeTrainer.Models;

/// <summary>Bans tokens everywhere.</summary>
public sealed class SuppressTokensProcessor(IReadOnlyList<int> tokens) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        for (var i = 0; i < tokens.Count; i++) scores[PlaceOf(tokens[i], scores.Length, "suppress_tokens")] = float.NegativeInfinity;
    }
}

/// <summary>Bans tokens where rows have a certain length.</summary>
public sealed class SuppressTokensAtBeginProcessor(IReadOnlyList<int> tokens, int length) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        if (ids.Length != length) return;
        for (var i = 0; i < tokens.Count; i++) scores[PlaceOf(tokens[i], scores.Length, "begin_suppress_tokens")] = float.NegativeInfinity;
    }
}
