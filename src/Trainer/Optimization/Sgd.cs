using NativeTrainer.Kernels;

namespace NativeTrainer.Optimization;

/// <summary>Stochastic gradient descent with momentum (torch.optim.SGD).</summary>
public sealed class Sgd : Optimizer
{
    private readonly FlatState? _momentum;

    /// <summary>Plain descent, or with momentum.</summary>
    /// <param name="groups">What to update; weight decay is coupled (added to the gradient).</param>
    /// <param name="momentum">How much of the momentum stays; 0 for none.</param>
    /// <param name="dampening">How much of the gradient does not go into the momentum.</param>
    /// <param name="nesterov">Look ahead by one momentum step; needs momentum and no dampening.</param>
    /// <param name="maximize">Climb instead of descend.</param>
    /// <exception cref="InvalidArgumentException">Nesterov without momentum or with dampening.</exception>
    public Sgd(
        IReadOnlyList<ParameterGroup> groups, double momentum = 0, double dampening = 0, bool nesterov = false, bool maximize = false)
        : base(groups, Options(momentum, dampening, nesterov, maximize))
    {
        if (!(momentum >= 0)) throw InvalidArgumentException.Value("momentum", momentum, "a number from 0 up");
        if (nesterov && !(momentum > 0 && dampening == 0))
        {
            throw new InvalidArgumentException("nesterov", "is true, expected momentum above 0 and dampening 0 with it");
        }
        _momentum = momentum > 0 ? AddState("momentum_buffer") : null;
    }

    /// <inheritdoc/>
    protected override bool WritesSteps => false;

    /// <inheritdoc/>
    protected override void Update(in ParameterRange range)
    {
        var options = range.Options;
        var settings = new SgdSettings(range.Group.LearningRate)
        {
            Momentum = options.Number("momentum"), Dampening = options.Number("dampening"), Nesterov = options.Flag("nesterov"),
            WeightDecay = range.Group.WeightDecay, Maximize = options.Flag("maximize"), IsFirst = range.Step == 1,
        };
        range.Backend.Sgd(range.Values, range.Gradients, range.Of(_momentum), settings);
    }

    private static OptimizerOptions Options(double momentum, double dampening, bool nesterov, bool maximize)
    {
        var options = new OptimizerOptions();
        options.AddSwitch("momentum", momentum);
        options.Add("dampening", dampening == 0 ? (object)0L : dampening);
        options.Add("nesterov", nesterov);
        options.Add("maximize", maximize);
        options.Add("foreach", null);
        options.Add("differentiable", false);
        options.Add("fused", null);
        return options;
    }
}
