namespace NativeTrainer.Evaluation;

/// <summary>The mean of squared differences, in float32 as NumPy adds up.</summary>
public static class MeanSquaredError
{
    /// <summary>The mean over all places; NaN where there is none.</summary>
    /// <param name="predictions">Numbers.</param>
    /// <param name="labels">As many.</param>
    public static double Of(ReadOnlySpan<float> predictions, ReadOnlySpan<float> labels)
    {
        Accuracy.CheckLengths(predictions.Length, labels.Length);
        var squares = new float[labels.Length];
        for (var i = 0; i < squares.Length; i++)
        {
            var difference = predictions[i] - labels[i];
            squares[i] = difference * difference;
        }
        return NumpyMean.Of(squares);
    }
}
