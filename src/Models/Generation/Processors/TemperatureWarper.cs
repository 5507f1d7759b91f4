using System.Numerics.Tensors;

namespace NativeTrainer.Models;

/// <summary>Divides all scores: below 1 the likely tokens become likelier, above 1 less so.</summary>
public sealed class TemperatureWarper(double temperature) : LogitsProcessor
{
    private readonly float _temperature = (float)temperature;

    /// <inheritdoc/>
    public override void Process(int row, ReadOnlySpan<long> ids, Span<float> scores) =>
        TensorPrimitives.Divide(scores, _temperature, scores);
}
