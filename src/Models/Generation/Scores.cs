namespace NativeTrainer.Models;

/// <summary>What generation does with the scores of a vocabulary.</summary>
internal static class Scores
{
    /// <summary>Turns scores into probabilities in place.</summary>
    public static void Softmax(Span<float> scores)
    {
        var highest = float.NegativeInfinity;
        foreach (var score in scores) highest = MathF.Max(highest, score);
        var sum = 0.0;
        foreach (ref var score in scores)
        {
            score = MathF.Exp(score - highest);
            sum += score;
        }
        var scale = (float)(1 / sum);
        foreach (ref var score in scores) score *= scale;
    }

    /// <summary>The first of the highest scores; a NaN is the highest, as in torch.</summary>
    public static int Argmax(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (float.IsNaN(scores[i])) return i;
            if (scores[i] > scores[best]) best = i;
        }
        return best;
    }
}
