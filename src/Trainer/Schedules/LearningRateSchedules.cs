namespace NativeTrainer;

/// <summary>Makes the schedule that <c>lr_scheduler_type</c> and <c>lr_scheduler_kwargs</c> name (Transformers' get_scheduler).</summary>
public static class LearningRateSchedules
{
    /// <summary>Creates a schedule and sets the learning rates of the first step.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="groups">The optimizer's parameter groups; a shape that needs the initial learning rate takes the first group's.</param>
    /// <param name="warmupSteps">Steps of warmup.</param>
    /// <param name="trainingSteps">All steps, warmup included.</param>
    /// <param name="kwargs">The kind's own settings.</param>
    /// <exception cref="InvalidArgumentException">A setting is unknown, missing or out of range.</exception>
    public static LearningRateScheduler Create(
        SchedulerType type, IReadOnlyList<ParameterGroupOptions> groups, int warmupSteps, int trainingSteps,
        IReadOnlyDictionary<string, object?>? kwargs = null)
    {
        var settings = new SchedulerSettings(type, kwargs);
        if (type == SchedulerType.ReduceOnPlateau)
        {
            var options = PlateauOptions.Read(settings);
            settings.RefuseOthers();
            return new ReduceLearningRateOnPlateau(groups, options);
        }
        var initial = groups.Count == 0 ? 0 : groups[0].InitialLearningRate ?? groups[0].LearningRate;
        var shape = Shape(type, settings, initial, warmupSteps, trainingSteps);
        settings.RefuseOthers();
        return new ShapedLearningRate(groups, shape, isPlainFunction: type == SchedulerType.Constant);
    }

    private static Func<int, double> Shape(
        SchedulerType type, SchedulerSettings settings, double initial, int warmup, int total) => type switch
        {
            SchedulerType.Linear => LearningRateShapes.Linear(warmup, total),
            SchedulerType.Cosine => LearningRateShapes.Cosine(warmup, total, settings.Number("num_cycles", 0.5)),
            SchedulerType.CosineWithRestarts => LearningRateShapes.CosineWithRestarts(warmup, total, settings.Number("num_cycles", 1)),
            SchedulerType.Polynomial => LearningRateShapes.Polynomial(
                warmup, total, initial, settings.Number("lr_end", 1e-7), settings.Number("power", 1.0)),
            SchedulerType.Constant => LearningRateShapes.Constant(),
            SchedulerType.ConstantWithWarmup => LearningRateShapes.ConstantWithWarmup(warmup),
            SchedulerType.InverseSqrt => LearningRateShapes.InverseSqrt(warmup, settings.Find("timescale")),
            SchedulerType.CosineWithMinLr => LearningRateShapes.CosineWithMinLr(
                warmup, total, MinRate(settings, initial), settings.Number("num_cycles", 0.5)),
            SchedulerType.CosineWarmupWithMinLr => LearningRateShapes.CosineWarmupWithMinLr(
                warmup, total, MinRate(settings, initial), settings.Find("warmup_lr_rate"), settings.Number("num_cycles", 0.5)),
            SchedulerType.WarmupStableDecay => WarmupStableDecay(settings, warmup, total),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no schedule of steps"),
        };

    private static double MinRate(SchedulerSettings settings, double initial)
        => (settings.Find("min_lr"), settings.Find("min_lr_rate")) switch
        {
            ({ } rate, null) => rate / initial,
            (null, { } share) => share,
            _ => throw new InvalidArgumentException("lr_scheduler_kwargs", "has none or both of min_lr and min_lr_rate, expected one"),
        };

    private static Func<int, double> WarmupStableDecay(SchedulerSettings settings, int warmup, int total)
    {
        if (settings.Find("num_decay_steps") is not { } decay)
        {
            throw new InvalidArgumentException("lr_scheduler_kwargs", "has no num_decay_steps, expected a whole number of steps in it");
        }
        var stable = settings.Find("num_stable_steps") ?? total - warmup - (int)decay;
        var (up, down) = (ReadSlope(settings, "warmup_type", "linear"), ReadSlope(settings, "decay_type", "cosine"));
        var (minRatio, cycles) = (settings.Number("min_lr_ratio", 0), settings.Number("num_cycles", 0.5));
        return LearningRateShapes.WarmupStableDecay(warmup, (int)stable, (int)decay, up, down, minRatio, cycles);
    }

    private static Slope ReadSlope(SchedulerSettings settings, string name, string fallback)
        => settings.Choice(name, fallback, "linear", "cosine", "1-sqrt") switch
        {
            "linear" => Slope.Linear,
            "cosine" => Slope.Cosine,
            _ => Slope.OneMinusSqrt,
        };
}
