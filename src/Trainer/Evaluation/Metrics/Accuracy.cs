namespace NativeTrainer.Evaluation;

/// <summary>The share of right answers.</summary>
public static class Accuracy
{
    /// <summary>The label of places that count in no metric: padding, or parts of a word after its first.</summary>
    public const long Ignored = -100;

    /// <summary>How many predictions are their label, from 0 to 1; NaN where there is no label.</summary>
    /// <param name="predictions">Class ids.</param>
    /// <param name="labels">As many; places with <see cref="Ignored"/> do not count.</param>
    /// <exception cref="ArgumentException">There are more of the one than of the other.</exception>
    public static double Of(ReadOnlySpan<long> predictions, ReadOnlySpan<long> labels)
    {
        CheckLengths(predictions.Length, labels.Length);
        var (right, all) = (0L, 0L);
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == Ignored) continue;
            all++;
            if (predictions[i] == labels[i]) right++;
        }
        return all == 0 ? double.NaN : right / (double)all;
    }

    internal static void CheckLengths(int predictions, int labels)
    {
        if (predictions != labels) throw new ArgumentException($"there are {predictions} predictions and {labels} labels, expected as many");
    }
}
