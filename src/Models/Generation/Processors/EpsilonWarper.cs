namespace NativeTrainer.Models;

/// <summary>Bans tokens with a probability below a limit; the likeliest stay (https://arxiv.org/abs/2210.15191).</summary>
/// <param name="epsilon">The limit, between 0 and 1.</param>
/// <param name="minTokensToKeep">How many stay at least.</param>
public sealed class EpsilonWarper(double epsilon, int minTokensToKeep = 1) : LogitsProcessor
{
    private readonly HighestScores _highest = new(minTokensToKeep);
    private float[] _probabilities = [];

    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        if (_probabilities.Length != scores.Length) _probabilities = new float[scores.Length];
        scores.CopyTo(_probabilities);
        Scores.Softmax(_probabilities);
        BanUnlikely(scores, _probabilities, (float)epsilon, _highest);
    }

    internal static void BanUnlikely(Span<float> scores, ReadOnlySpan<float> probabilities, float limit, HighestScores highest)
    {
        var lowest = highest.Lowest(scores);
        for (var i = 0; i < scores.Length; i++)
        {
            if (probabilities[i] < limit && scores[i] < lowest) scores[i] = float.NegativeInfinity;
        }
    }
}
