namespace NativeTrainer.Models;

/// <summary>Bans all tokens but the k with the highest scores; those that share the lowest of them stay too (Fan et al., 2018).</summary>
/// <param name="topK">How many stay.</param>
/// <param name="minTokensToKeep">How many stay at least.</param>
public sealed class TopKWarper(int topK, int minTokensToKeep = 1) : LogitsProcessor
{
    private readonly HighestScores _highest = new(Math.Max(topK, minTokensToKeep));

    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores) => Scores.BanBelow(scores, _highest.Lowest(scores));
}
