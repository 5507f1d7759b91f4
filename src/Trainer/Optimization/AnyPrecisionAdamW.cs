using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

/// <summary>
/// AdamW whose states have dtypes of their own (<c>adamw_anyprecision</c>, torchdistx's AnyPrecisionAdamW): bfloat16 moments halve the
/// state, and what rounding takes from bfloat16 weights can be kept for the next step (Kahan summation, https://arxiv.org/abs/2010.06192).
/// </summary>
public sealed class AnyPrecisionAdamW : Optimizer
{
    private readonly FlatState _expAvg, _expAvgSq;
    private readonly FlatState? _compensation;

    /// <summary>Moments of 0 for every parameter.</summary>
    /// <param name="groups">What to update, float32 or bfloat16.</param>
    /// <param name="beta1">Decay of the running mean of gradients.</param>
    /// <param name="beta2">Decay of the running mean of squared gradients.</param>
    /// <param name="epsilon">Added to the denominator.</param>
    /// <param name="useKahanSummation">Keep what rounding takes from the weights.</param>
    /// <param name="momentumDType">Of the first moment: float32 or bfloat16.</param>
    /// <param name="varianceDType">Of the second moment: float32 or bfloat16.</param>
    /// <param name="compensationDType">Of what is kept: float32 or bfloat16.</param>
    public AnyPrecisionAdamW(
        IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8,
        bool useKahanSummation = false, DType momentumDType = DType.Float32, DType varianceDType = DType.Float32,
        DType compensationDType = DType.BFloat16)
        : base(groups, Options(beta1, beta2, epsilon, useKahanSummation))
    {
        (_expAvg, _expAvgSq) = (AddState("exp_avg", momentumDType), AddState("exp_avg_sq", varianceDType));
        _compensation = useKahanSummation ? AddState("compensation", compensationDType) : null;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterRange range)
    {
        var settings = new AnyPrecisionAdamWSettings(range.Group.LearningRate, range.Step)
        {
            Beta1 = range.Options.Number("betas", 0), Beta2 = range.Options.Number("betas", 1), Epsilon = range.Options.Number("eps"),
            WeightDecay = range.Group.WeightDecay,
        };
        range.Backend.AnyPrecisionAdamW(
            range.Values, range.Gradients, range.Of(_expAvg), range.Of(_expAvgSq), range.Of(_compensation), settings);
    }

    // torch's file also has the dtypes, as objects of torch's own; here the tensors say them.
    private static OptimizerOptions Options(double beta1, double beta2, double epsilon, bool kahan)
    {
        var options = new OptimizerOptions { { "betas", beta1, beta2 }, { "eps", epsilon } };
        options.AddSwitch("use_kahan_summation", kahan);
        return options;
    }
}
