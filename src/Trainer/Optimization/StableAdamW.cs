using NativeTrainer.Kernels;

namespace NativeTrainer.Optimization;

/// <summary>
/// StableAdamW (Wortsman and others, 2023, https://arxiv.org/abs/2304.13013): AdamW that lowers a parameter's learning rate where its
/// gradients outgrow the second moment, which spares gradient clipping. Newer than Transformers 4.37.
/// </summary>
public sealed class StableAdamW : Optimizer
{
    private readonly FlatState _expAvg, _expAvgSq;

    /// <summary>Moments of 0 for every parameter.</summary>
    /// <param name="groups">What to update, float32 or float64.</param>
    /// <param name="beta1">Decay of the running mean of gradients.</param>
    /// <param name="beta2">Decay of the running mean of squared gradients.</param>
    /// <param name="epsilon">Added to the denominator.</param>
    public StableAdamW(IReadOnlyList<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        : base(groups, new OptimizerOptions { { "betas", beta1, beta2 }, { "eps", epsilon } }) =>
        (_expAvg, _expAvgSq) = (AddState("exp_avg"), AddState("exp_avg_sq"));

    /// <inheritdoc/>
    protected override void Update(in ParameterRange range)
    {
        var settings = new StableAdamWSettings(range.Group.LearningRate, range.Step)
        {
            Beta1 = range.Options.Number("betas", 0), Beta2 = range.Options.Number("betas", 1), Epsilon = range.Options.Number("eps"),
            WeightDecay = range.Group.WeightDecay,
        };
        for (var i = 0; i < range.Count; i++)
        {
            range.Backend.StableAdamW(range.Value(i), range.Gradient(i), range.Of(_expAvg, i), range.Of(_expAvgSq, i), settings);
        }
    }
}
