using NativeTrainer.Kernels;

namespace NativeTrainer.Optimization;

/// <summary>RMSprop (Tieleman and Hinton, 2012; centred as in Graves, 2013, https://arxiv.org/abs/1308.0850; torch.optim.RMSprop).</summary>
public sealed class RmsProp : Optimizer
{
    private readonly FlatState _squareAvg;
    private readonly FlatState? _momentum, _gradAvg;

    /// <summary>Averages of 0 for every parameter.</summary>
    /// <param name="groups">What to update; weight decay is coupled (added to the gradient).</param>
    /// <param name="alpha">How much of the averages stays.</param>
    /// <param name="epsilon">Added to the root.</param>
    /// <param name="momentum">How much of the momentum stays; 0 for none.</param>
    /// <param name="centered">Divide by the root of the variance instead of the mean square.</param>
    /// <param name="maximize">Climb instead of descend.</param>
    public RmsProp(
        IReadOnlyList<ParameterGroup> groups, double alpha = 0.99, double epsilon = 1e-8, double momentum = 0, bool centered = false,
        bool maximize = false)
        : base(groups, Options(alpha, epsilon, momentum, centered, maximize))
    {
        if (!(momentum >= 0)) throw InvalidArgumentException.Value("momentum", momentum, "a number from 0 up");
        _squareAvg = AddState("square_avg");
        _momentum = momentum > 0 ? AddState("momentum_buffer") : null;
        _gradAvg = centered ? AddState("grad_avg") : null;
    }

    /// <inheritdoc/>
    protected override void Update(in ParameterRange range)
    {
        var settings = new RmsPropSettings(range.Group.LearningRate)
        {
            Alpha = range.Options.Number("alpha"), Epsilon = range.Options.Number("eps"), Momentum = range.Options.Number("momentum"),
            WeightDecay = range.Group.WeightDecay, Maximize = range.Options.Flag("maximize"),
        };
        range.Backend.RmsProp(
            range.Values, range.Gradients, range.Of(_squareAvg), range.Of(_gradAvg), range.Of(_momentum), settings);
    }

    private static OptimizerOptions Options(double alpha, double epsilon, double momentum, bool centered, bool maximize)
    {
        var options = new OptimizerOptions();
        options.AddSwitch("momentum", momentum);
        options.Add("alpha", alpha);
        options.Add("eps", epsilon);
        options.AddSwitch("centered", centered);
        options.Add("capturable", false);
        options.Add("foreach", null);
        options.Add("maximize", maximize);
        options.Add("differentiable", false);
        return options;
    }
}
