using NativeTrainer.Checkpoints;

namespace NativeTrainer;

/// <summary>
/// Reduces the learning rates when an evaluation's metric has stopped improving (torch's ReduceLROnPlateau). nan counts as no improvement.
/// </summary>
public sealed class ReduceLearningRateOnPlateau : LearningRateScheduler
{
    private readonly double[] _rates;
    private readonly double[] _minRates;
    private double _best;

    /// <summary>Creates the schedule; the learning rates stay as they are until the first reduction.</summary>
    /// <exception cref="InvalidArgumentException">The factor is 1 or more.</exception>
    public ReduceLearningRateOnPlateau(IReadOnlyList<ParameterGroupOptions> groups, PlateauOptions? options = null)
        : base(groups)
    {
        Options = options ?? new PlateauOptions();
        if (!(Options.Factor < 1)) throw InvalidArgumentException.Value("lr_scheduler_kwargs factor", Options.Factor, "a number below 1");
        foreach (var group in groups) group.InitialLearningRate ??= group.LearningRate;
        _rates = [.. groups.Select(g => g.LearningRate)];
        _minRates = [.. groups.Select(_ => (double)Options.MinLearningRate)];
        _best = Worst;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> LastLearningRates => _rates;

    /// <summary>When and how far it reduces.</summary>
    public PlateauOptions Options { get; private set; }

    /// <summary>Evaluations so far.</summary>
    public int StepCount { get; private set; }

    /// <summary>Evaluations without improvement since the last improvement, reduction or cooldown.</summary>
    public int BadEpochs { get; private set; }

    /// <summary>Evaluations that will still not be judged.</summary>
    public int CooldownCounter { get; private set; }

    /// <inheritdoc/>
    public override bool NeedsMetric => true;

    private double Worst => Options.GreaterIsBetter ? double.NegativeInfinity : double.PositiveInfinity;

    /// <summary>Always fails: this schedule needs a metric.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public override void Step() => throw new InvalidOperationException("reduce_lr_on_plateau steps at an evaluation, with its metric");

    /// <summary>Judges an evaluation, and reduces the learning rates if it is one too many without improvement.</summary>
    public void Step(double metric)
    {
        StepCount++;
        var isBetter = IsBetter(metric);
        if (isBetter) _best = metric;
        BadEpochs = isBetter ? 0 : BadEpochs + 1;
        if (CooldownCounter > 0)
        {
            CooldownCounter--;
            BadEpochs = 0;
        }
        if (BadEpochs > Options.Patience)
        {
            Reduce();
            CooldownCounter = (int)Options.Cooldown;
            BadEpochs = 0;
        }
        for (var i = 0; i < _rates.Length; i++) _rates[i] = Groups[i].LearningRate;
    }

    /// <inheritdoc/>
    public override StateDictionary StateDict() => new()
    {
        ["factor"] = Options.Factor,
        ["default_min_lr"] = Options.MinLearningRate.ToPlain(),
        ["min_lrs"] = _minRates.Select(r => r == Options.MinLearningRate ? Options.MinLearningRate.ToPlain() : r).ToList(),
        ["patience"] = Options.Patience.ToPlain(),
        ["cooldown"] = Options.Cooldown.ToPlain(),
        ["eps"] = Options.Epsilon,
        ["last_epoch"] = (long)StepCount,
        ["_last_lr"] = _rates.ToArray(),
        ["mode_worse"] = Worst,
        ["mode"] = Options.GreaterIsBetter ? "max" : "min",
        ["threshold"] = Options.Threshold,
        ["threshold_mode"] = Options.ThresholdIsRelative ? "rel" : "abs",
        ["best"] = _best,
        ["cooldown_counter"] = (long)CooldownCounter,
        ["num_bad_epochs"] = (long)BadEpochs,
    };

    /// <inheritdoc/>
    /// <remarks>As in torch the state's options replace those that the schedule was created with.</remarks>
    public override void LoadStateDict(StateDictionary state)
    {
        Options = new PlateauOptions
        {
            GreaterIsBetter = state.Contains("mode") ? state.Text("mode") == "max" : Options.GreaterIsBetter,
            Factor = Find(state, "factor", Options.Factor),
            Patience = Find(state, "patience", Options.Patience),
            Threshold = Find(state, "threshold", Options.Threshold),
            ThresholdIsRelative = state.Contains("threshold_mode") ? state.Text("threshold_mode") != "abs" : Options.ThresholdIsRelative,
            Cooldown = Find(state, "cooldown", Options.Cooldown),
            MinLearningRate = Find(state, "default_min_lr", Options.MinLearningRate),
            Epsilon = Find(state, "eps", Options.Epsilon),
        };
        CopyRates(state, "min_lrs", _minRates);
        CopyRates(state, "_last_lr", _rates);
        StepCount = (int)state.Whole("last_epoch");
        CooldownCounter = (int)state.Whole("cooldown_counter");
        BadEpochs = (int)state.Whole("num_bad_epochs");
        _best = state.Number("best");
    }

    private bool IsBetter(double metric) => (Options.GreaterIsBetter, Options.ThresholdIsRelative) switch
    {
        (false, true) => metric < _best * (1.0 - Options.Threshold),
        (false, false) => metric < _best - Options.Threshold,
        (true, true) => metric > _best * (Options.Threshold + 1.0),
        (true, false) => metric > _best + Options.Threshold,
    };

    private void Reduce()
    {
        for (var i = 0; i < Groups.Count; i++)
        {
            var reduced = Math.Max(Groups[i].LearningRate * Options.Factor, _minRates[i]);
            if (Groups[i].LearningRate - reduced > Options.Epsilon) Groups[i].LearningRate = reduced;
        }
    }
}
