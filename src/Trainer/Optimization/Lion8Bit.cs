using NativeTrainer.Kernels;

namespace NativeTrainer.Optimization;

/// <summary>Lion (https://arxiv.org/abs/2302.06675) with a momentum of 8 bits, as bitsandbytes computes it on CUDA; see
/// <see cref="AdamW8Bit"/> and <see cref="Lion"/>.</summary>
public sealed class Lion8Bit : BlockwiseOptimizer
{
    /// <summary>A momentum of 0 for every parameter.</summary>
    /// <param name="groups">What to update, float32.</param>
    /// <param name="beta1">The weight of the momentum in the step's direction.</param>
    /// <param name="beta2">How much of the momentum stays.</param>
    /// <param name="blocks">Which parameters have a momentum of 8 bits, and the blocks.</param>
    public Lion8Bit(IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.99, BlockwiseOptions? blocks = null)
        : base(groups, new OptimizerOptions { { "betas", beta1, beta2 } }, blocks ?? new(), [true])
    {
    }

    private protected override void Update(in ParameterRange range, int index, BlockwiseMoment[] moments)
    {
        var settings = new LionSettings(range.Group.LearningRate)
        {
            Beta1 = range.Options.Number("betas", 0), Beta2 = range.Options.Number("betas", 1), WeightDecay = range.Group.WeightDecay,
        };
        var (value, gradient) = (range.Value(index), range.Gradient(index));
        if (moments[0].IsQuantized) range.Backend.Lion8Bit(value, gradient, moments[0].Quantized, settings);
        else range.Backend.Lion(value, gradient, moments[0].Values, settings);
    }
}
