namespace NativeTrainer.Evaluation;

/// <summary>F1: the harmonic mean of precision and recall, from 0 to 1, as scikit-learn's <c>f1_score</c>. A class that is neither
/// predicted nor a label has 0.</summary>
public static class F1Score
{
    /// <summary>F1 of one class against all others (<c>average="binary"</c>).</summary>
    /// <param name="predictions">Class ids.</param>
    /// <param name="labels">As many; places with <see cref="Accuracy.Ignored"/> do not count.</param>
    /// <param name="positive">The class.</param>
    public static double Binary(ReadOnlySpan<long> predictions, ReadOnlySpan<long> labels, long positive = 1)
    {
        Accuracy.CheckLengths(predictions.Length, labels.Length);
        var (hits, predicted, wanted) = (0L, 0L, 0L);
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == Accuracy.Ignored) continue;
            if (predictions[i] == positive) predicted++;
            if (labels[i] == positive) wanted++;
            if (predictions[i] == positive && labels[i] == positive) hits++;
        }
        return Of(hits, predicted, wanted);
    }

    /// <summary>The mean of F1 over the classes that are predicted or a label, each counting the same (<c>average="macro"</c>).</summary>
    /// <param name="predictions">Class ids.</param>
    /// <param name="labels">As many; places with <see cref="Accuracy.Ignored"/> do not count.</param>
    public static double Macro(ReadOnlySpan<long> predictions, ReadOnlySpan<long> labels)
    {
        Accuracy.CheckLengths(predictions.Length, labels.Length);
        var classes = new SortedSet<long>();
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == Accuracy.Ignored) continue;
            classes.Add(predictions[i]);
            classes.Add(labels[i]);
        }
        if (classes.Count == 0) return double.NaN;
        var sum = 0.0;
        foreach (var one in classes) sum += Binary(predictions, labels, one);
        return sum / classes.Count;
    }

    /// <summary>F1 of all (row, class) pairs together, for rows that may have several classes (<c>average="micro"</c>).</summary>
    /// <param name="predictions">Whether a row has a class, row by row.</param>
    /// <param name="labels">Whether it should.</param>
    public static double Micro(ReadOnlySpan<bool> predictions, ReadOnlySpan<bool> labels)
    {
        Accuracy.CheckLengths(predictions.Length, labels.Length);
        var (hits, predicted, wanted) = (0L, 0L, 0L);
        for (var i = 0; i < labels.Length; i++)
        {
            if (predictions[i]) predicted++;
            if (labels[i]) wanted++;
            if (predictions[i] && labels[i]) hits++;
        }
        return Of(hits, predicted, wanted);
    }

    /// <summary>F1 from counts.</summary>
    /// <param name="hits">Predicted and wanted.</param>
    /// <param name="predicted">All that were predicted.</param>
    /// <param name="wanted">All that should have been.</param>
    internal static double Of(long hits, long predicted, long wanted) => predicted + wanted == 0 ? 0 : 2.0 * hits / (predicted + wanted);
}
