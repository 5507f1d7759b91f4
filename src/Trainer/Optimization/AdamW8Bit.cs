using NativeTrainer.Kernels;

namespace NativeTrainer.Optimization;

/// <summary>
/// AdamW with moments of 8 bits (Dettmers and others, 2022, https://arxiv.org/abs/2110.02861), as bitsandbytes computes it on CUDA: 2 bytes
/// of state for each weight instead of 8. Small parameters keep float32 moments.
/// </summary>
public sealed class AdamW8Bit : BlockwiseOptimizer
{
    /// <summary>Moments of 0 for every parameter.</summary>
    /// <param name="groups">What to update, float32.</param>
    /// <param name="beta1">Decay of the running mean of gradients.</param>
    /// <param name="beta2">Decay of the running mean of squared gradients.</param>
    /// <param name="epsilon">Added to the denominator.</param>
    /// <param name="blocks">Which parameters have moments of 8 bits, and the blocks.</param>
    public AdamW8Bit(
        IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, BlockwiseOptions? blocks = null)
        : base(groups, new OptimizerOptions { { "betas", beta1, beta2 }, { "eps", epsilon } }, blocks ?? new(), [true, false])
    {
    }

    private protected override void Update(in ParameterRange range, int index, BlockwiseMoment[] moments)
    {
        var settings = new AdamWSettings
        {
            LearningRate = range.Group.LearningRate, Beta1 = range.Options.Number("betas", 0), Beta2 = range.Options.Number("betas", 1),
            Epsilon = range.Options.Number("eps"), WeightDecay = range.Group.WeightDecay, Step = range.Step,
            Variant = AdamWVariant.BitsAndBytes,
        };
        var (value, gradient, first, second) = (range.Value(index), range.Gradient(index), moments[0], moments[1]);
        if (first.IsQuantized) range.Backend.AdamW8Bit(value, gradient, first.Quantized, second.Quantized, settings);
        else range.Backend.AdamW(value, gradient, first.Values, second.Values, settings);
    }
}
