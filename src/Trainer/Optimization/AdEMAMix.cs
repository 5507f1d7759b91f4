using NativeTrainer.Kernels;

namespace NativeTrainer.Optimization;

/// <summary>
/// AdEMAMix (Pagliardini and others, 2024, https://arxiv.org/abs/2409.03137): AdamW with a second, slow average of gradients, which remembers
/// ten thousand steps. Newer than Transformers 4.37.
/// </summary>
public sealed class AdEMAMix : Optimizer
{
    private readonly FlatState _fast, _slow, _expAvgSq;

    /// <summary>Moments of 0 for every parameter; the names in the file are those of the paper's own code.</summary>
    /// <param name="groups">What to update.</param>
    /// <param name="beta1">Decay of the fast mean of gradients.</param>
    /// <param name="beta2">Decay of the mean of squared gradients.</param>
    /// <param name="beta3">Decay of the slow mean of gradients.</param>
    /// <param name="alpha">The weight of the slow mean.</param>
    /// <param name="epsilon">Added to the denominator.</param>
    /// <param name="alphaSteps">Steps over which alpha rises from 0; 0 for none (the paper: T_alpha).</param>
    /// <param name="beta3Steps">Steps over which beta3 rises from beta1; 0 for none (the paper: T_beta3).</param>
    public AdEMAMix(
        IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double beta3 = 0.9999, double alpha = 5,
        double epsilon = 1e-8, long alphaSteps = 0, long beta3Steps = 0)
        : base(groups, AdEMAMixOptions.Create(beta1, beta2, beta3, alpha, epsilon, alphaSteps, beta3Steps)) =>
        (_fast, _slow, _expAvgSq) = (AddState("exp_avg_fast"), AddState("exp_avg_slow"), AddState("exp_avg_sq"));

    /// <inheritdoc/>
    protected override void Update(in ParameterRange range) => range.Backend.AdEMAMix(
        range.Values, range.Gradients, range.Of(_fast), range.Of(_slow), range.Of(_expAvgSq), AdEMAMixOptions.Settings(range));
}

/// <summary>AdEMAMix with moments of 8 bits, 3 bytes of state for each weight; see <see cref="AdEMAMix"/> and
/// <see cref="AdamW8Bit"/>.</summary>
public sealed class AdEMAMix8Bit : BlockwiseOptimizer
{
    /// <summary>Moments of 0 for every parameter.</summary>
    /// <param name="groups">What to update, float32.</param>
    /// <param name="beta1">Decay of the fast mean of gradients.</param>
    /// <param name="beta2">Decay of the mean of squared gradients.</param>
    /// <param name="beta3">Decay of the slow mean of gradients.</param>
    /// <param name="alpha">The weight of the slow mean.</param>
    /// <param name="epsilon">Added to the denominator.</param>
    /// <param name="alphaSteps">Steps over which alpha rises from 0; 0 for none.</param>
    /// <param name="beta3Steps">Steps over which beta3 rises from beta1; 0 for none.</param>
    /// <param name="blocks">Which parameters have moments of 8 bits, and the blocks.</param>
    public AdEMAMix8Bit(
        IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double beta3 = 0.9999, double alpha = 5,
        double epsilon = 1e-8, long alphaSteps = 0, long beta3Steps = 0, BlockwiseOptions? blocks = null)
        : base(
            groups, AdEMAMixOptions.Create(beta1, beta2, beta3, alpha, epsilon, alphaSteps, beta3Steps), blocks ?? new(),
            [true, true, false])
    {
    }

    private protected override void Update(in ParameterRange range, int index, BlockwiseMoment[] moments)
    {
        var (value, gradient, settings) = (range.Value(index), range.Gradient(index), AdEMAMixOptions.Settings(range));
        if (moments[0].IsQuantized)
        {
            range.Backend.AdEMAMix8Bit(
                value, gradient, moments[0].Quantized, moments[1].Quantized, moments[2].Quantized, settings);
        }
        else
        {
            range.Backend.AdEMAMix(value, gradient, moments[0].Values, moments[1].Values, moments[2].Values, settings);
        }
    }
}

/// <summary>The settings of both, and their rise over the steps.</summary>
internal static class AdEMAMixOptions
{
    public static OptimizerOptions Create(
        double beta1, double beta2, double beta3, double alpha, double epsilon, long alphaSteps, long beta3Steps) => new()
        {
            { "betas", new object?[] { beta1, beta2, beta3 } }, { "alpha", alpha }, { "eps", epsilon }, { "t_alpha", alphaSteps },
            { "t_beta3", beta3Steps },
        };

    public static AdEMAMixSettings Settings(in ParameterRange range)
    {
        var options = range.Options;
        double beta1 = options.Number("betas", 0), beta3 = options.Number("betas", 2);
        return new AdEMAMixSettings(range.Group.LearningRate, range.Step)
        {
            Beta1 = beta1, Beta2 = options.Number("betas", 1), Epsilon = options.Number("eps"), WeightDecay = range.Group.WeightDecay,
            Alpha = options.Number("alpha") * Math.Min(1, Share(range.Step, options.Number("t_alpha"))),
            Beta3 = Beta3(beta1, beta3, Share(range.Step, options.Number("t_beta3"))),
        };
    }

    private static double Share(long step, double steps) => steps > 0 ? step / steps : 1;

    // So that the half-life of the average rises in a straight line.
    private static double Beta3(double start, double end, double share)
    {
        if (share >= 1) return end;
        var (from, to) = (Math.Log(start), Math.Log(end));
        return Math.Min(Math.Exp(from * to / (((1 - share) * to) + (share * from))), end);
    }
}
