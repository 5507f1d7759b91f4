namespace NativeTrainer.Models;

/// <summary>Replaces what is no finite number: NaN by 0, infinities by the greatest and lowest float32.</summary>
public sealed class RemoveInvalidValuesProcessor : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores)
    {
        foreach (ref var score in scores) score = float.IsNaN(score) ? 0 : Math.Clamp(score, float.MinValue, float.MaxValue);
    }
}

/// <summary>Turns scores into logarithms of probabilities.</summary>
public sealed class NormalizationProcessor : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores) => Scores.LogSoftmax(scores);
}
