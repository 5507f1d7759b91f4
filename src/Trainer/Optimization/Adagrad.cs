using NativeTrainer.Kernels;

namespace NativeTrainer.Optimization;

/// <summary>Adagrad (Duchi and others, 2011, https://jmlr.org/papers/v12/duchi11a.html; torch.optim.Adagrad).</summary>
public sealed class Adagrad : Optimizer
{
    private readonly FlatState _sum;

    /// <summary>Sums that start at a number.</summary>
    /// <param name="groups">What to update; weight decay is coupled (added to the gradient).</param>
    /// <param name="rateDecay">The learning rate is divided by 1 + this · (steps before) (torch: lr_decay).</param>
    /// <param name="epsilon">Added to the root.</param>
    /// <param name="initialAccumulator">Where the sums of squared gradients start.</param>
    /// <param name="maximize">Climb instead of descend.</param>
    public Adagrad(
        IReadOnlyList<ParameterGroup> groups, double rateDecay = 0, double epsilon = 1e-10, double initialAccumulator = 0,
        bool maximize = false)
        : base(groups, new OptimizerOptions
        {
            { "lr_decay", rateDecay == 0 ? (object)0L : rateDecay }, { "eps", epsilon },
            { "initial_accumulator_value", initialAccumulator == 0 ? (object)0L : initialAccumulator }, { "foreach", null },
            { "maximize", maximize }, { "differentiable", false }, { "fused", null },
        })
    {
        if (!(initialAccumulator >= 0))
        {
            throw InvalidArgumentException.Value("initial_accumulator_value", initialAccumulator, "a number from 0 up");
        }
        _sum = AddState("sum", initial: initialAccumulator);
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterRange range)
    {
        var rate = range.Group.LearningRate / (1 + ((range.Step - 1) * range.Options.Number("lr_decay")));
        var settings = new AdagradSettings(rate)
        {
            Epsilon = range.Options.Number("eps"), WeightDecay = range.Group.WeightDecay, Maximize = range.Options.Flag("maximize"),
        };
        range.Backend.Adagrad(range.Values, range.Gradients, range.Of(_sum), settings);
    }
}
