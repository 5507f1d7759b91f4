using NativeTrainer.Checkpoints;

namespace NativeTrainer;

/// <summary>
/// A schedule that multiplies each group's initial learning rate by a factor that depends on the number of steps made (torch's LambdaLR).
/// The learning rate of the first step is set at once.
/// </summary>
public sealed class ShapedLearningRate : LearningRateScheduler
{
    private readonly Func<int, double> _shape;
    private readonly bool _isPlainFunction;
    private readonly double[] _rates;
    private readonly double[] _baseRates;
    private int _step;

    /// <summary>Creates the schedule and sets the first step's learning rates.</summary>
    /// <param name="groups">The optimizer's groups.</param>
    /// <param name="shape">From the number of steps made to the factor.</param>
    public ShapedLearningRate(IReadOnlyList<ParameterGroupOptions> groups, Func<int, double> shape)
        : this(groups, shape, isPlainFunction: false)
    {
    }

    // torch saves the settings of a partial function ({}) but none of a plain one (None); Transformers' constant schedule is a plain one.
    internal ShapedLearningRate(IReadOnlyList<ParameterGroupOptions> groups, Func<int, double> shape, bool isPlainFunction)
        : base(groups)
    {
        (_shape, _isPlainFunction) = (shape, isPlainFunction);
        foreach (var group in groups) group.InitialLearningRate ??= group.LearningRate;
        _baseRates = [.. groups.Select(g => g.InitialLearningRate!.Value)];
        _rates = new double[groups.Count];
        Assign();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> LastLearningRates => _rates;

    /// <summary>Steps made.</summary>
    public int StepCount => _step;

    /// <summary>The learning rates that the factor multiplies, a group each.</summary>
    public IReadOnlyList<double> BaseLearningRates => _baseRates;

    /// <inheritdoc/>
    public override void Step()
    {
        _step++;
        Assign();
    }

    /// <inheritdoc/>
    public override StateDictionary StateDict() => new()
    {
        ["base_lrs"] = _baseRates.ToArray(),
        ["last_epoch"] = (long)_step,
        ["_step_count"] = _step + 1L,
        ["_is_initial"] = false,
        ["_get_lr_called_within_step"] = false,
        ["_last_lr"] = _rates.ToArray(),
        ["lr_lambdas"] = Groups.Select(_ => _isPlainFunction ? null : (object?)new StateDictionary()).ToList(),
    };

    /// <inheritdoc/>
    public override void LoadStateDict(StateDictionary state)
    {
        var step = (int)state.Whole("last_epoch");
        _ = state["lr_lambdas"]; // torch insists on it: without it the state is of another kind of schedule
        CopyRates(state, "base_lrs", _baseRates);
        CopyRates(state, "_last_lr", _rates);
        _step = step;
    }

    private void Assign()
    {
        var factor = _shape(_step);
        for (var i = 0; i < _rates.Length; i++) Groups[i].LearningRate = _rates[i] = _baseRates[i] * factor;
    }
}
