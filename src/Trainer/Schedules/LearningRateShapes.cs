namespace NativeTrainer;

/// <summary>
/// The shapes of the learning rate: functions from the number of steps made to the factor of the initial learning rate, as Transformers
/// has them (<see href="https://huggingface.co/docs/transformers/main_classes/optimizer_schedules">page</see>), also beyond the last step.
/// </summary>
public static class LearningRateShapes
{
    /// <summary>Always 1.</summary>
    public static Func<int, double> Constant() => _ => 1.0;

    /// <summary>Up from 0 to 1, then 1.</summary>
    public static Func<int, double> ConstantWithWarmup(int warmupSteps) => step => step < warmupSteps ? Rise(step, warmupSteps) : 1.0;

    /// <summary>Up from 0 to 1, then straight down to 0.</summary>
    public static Func<int, double> Linear(int warmupSteps, int trainingSteps) => step => step < warmupSteps
        ? Rise(step, warmupSteps)
        : Math.Max(0.0, (double)(trainingSteps - step) / Math.Max(1, trainingSteps - warmupSteps));

    /// <summary>Up from 0 to 1, then along a cosine: half a wave, down to 0, with <paramref name="numCycles"/> 0.5.</summary>
    public static Func<int, double> Cosine(int warmupSteps, int trainingSteps, double numCycles = 0.5) => step => step < warmupSteps
        ? Rise(step, warmupSteps)
        : Math.Max(0.0, Wave(numCycles * 2.0, Progress(step, warmupSteps, trainingSteps)));

    /// <summary>Up from 0 to 1, then <paramref name="numCycles"/> times half a cosine down to 0; 0 after the end.</summary>
    public static Func<int, double> CosineWithRestarts(int warmupSteps, int trainingSteps, double numCycles = 1) => step =>
    {
        if (step < warmupSteps) return Rise(step, warmupSteps);
        var progress = Progress(step, warmupSteps, trainingSteps);
        return progress >= 1.0 ? 0.0 : Math.Max(0.0, Wave(1.0, numCycles * progress % 1.0));
    };

    /// <summary>
    /// Up from 0 to 1, then down to <paramref name="endLearningRate"/> by a power of the steps left. With nothing but warmup it is at the
    /// end as soon as that is over, where Hugging Face divides by 0.
    /// </summary>
    /// <exception cref="InvalidArgumentException">The end is not below the initial learning rate.</exception>
    public static Func<int, double> Polynomial(
        int warmupSteps, int trainingSteps, double initialLearningRate, double endLearningRate = 1e-7, double power = 1.0)
    {
        if (!(initialLearningRate > endLearningRate))
        {
            var expected = $"a number below learning_rate ({PythonText.Float(initialLearningRate)})";
            throw InvalidArgumentException.Value("lr_scheduler_kwargs lr_end", endLearningRate, expected);
        }
        return step =>
        {
            if (step < warmupSteps) return Rise(step, warmupSteps);
            if (step > trainingSteps || trainingSteps == warmupSteps) return endLearningRate / initialLearningRate;
            var left = 1 - (double)(step - warmupSteps) / (trainingSteps - warmupSteps);
            return ((initialLearningRate - endLearningRate) * Math.Pow(left, power) + endLearningRate) / initialLearningRate;
        };
    }

    /// <summary>
    /// Up from 0 to 1, then down with the square root of the steps. <paramref name="timescale"/> defaults to the warmup, and without one to
    /// 10,000 as in later versions of Transformers, where 4.37 divides by 0.
    /// </summary>
    public static Func<int, double> InverseSqrt(int warmupSteps, double? timescale = null)
    {
        var scale = timescale ?? (warmupSteps > 0 ? warmupSteps : 10_000);
        return step => step < warmupSteps ? Rise(step, warmupSteps) : 1.0 / Math.Sqrt((step + (scale - warmupSteps)) / scale);
    }

    /// <summary><see cref="Cosine"/> down to <paramref name="minRate"/> times the initial learning rate.</summary>
    public static Func<int, double> CosineWithMinLr(int warmupSteps, int trainingSteps, double minRate, double numCycles = 0.5)
        => step => step < warmupSteps
            ? Rise(step, warmupSteps)
            : Math.Max(0.0, Wave(numCycles * 2.0, Progress(step, warmupSteps, trainingSteps)) * (1 - minRate) + minRate);

    /// <summary>The same one step ahead, with a warmup that starts at <paramref name="warmupRate"/>; unset, at 1 / warmupSteps.</summary>
    public static Func<int, double> CosineWarmupWithMinLr(
        int warmupSteps, int trainingSteps, double minRate, double? warmupRate = null, double numCycles = 0.5) => step =>
    {
        if (step < warmupSteps)
        {
            return warmupRate is { } start ? start + (1.0 - start) * step / Math.Max(1, warmupSteps - 1) : Rise(step + 1, warmupSteps);
        }
        var progress = (step - warmupSteps + 1.0) / Math.Max(1.0, trainingSteps - warmupSteps);
        return Math.Max(0.0, Wave(numCycles * 2.0, progress) * (1 - minRate) + minRate);
    };

    /// <summary>Up, level, then down, each of its own length and shape; <paramref name="minRatio"/> is the foot of both slopes.</summary>
    public static Func<int, double> WarmupStableDecay(
        int warmupSteps, int stableSteps, int decaySteps, Slope warmup = Slope.Linear, Slope decay = Slope.Cosine, double minRatio = 0,
        double numCycles = 0.5) => step =>
    {
        if (step < warmupSteps)
        {
            var done = (double)step / Math.Max(1, warmupSteps);
            return Lift(warmup switch
            {
                Slope.Linear => done,
                Slope.Cosine => 0.5 * (1.0 - Math.Cos(Math.PI * done)),
                _ => 1.0 - Math.Sqrt(1.0 - done),
            });
        }
        if (step < warmupSteps + stableSteps) return 1.0;
        if (step >= warmupSteps + stableSteps + decaySteps) return minRatio;
        var gone = (double)(step - warmupSteps - stableSteps) / Math.Max(1, decaySteps);
        return Lift(decay switch
        {
            Slope.Linear => 1.0 - gone,
            Slope.Cosine => Wave(numCycles * 2.0, gone),
            _ => 1.0 - Math.Sqrt(gone),
        });

        double Lift(double factor) => Math.Max(0.0, factor * (1.0 - minRatio) + minRatio);
    };

    private static double Rise(int step, int warmupSteps) => step / Math.Max(1.0, warmupSteps);

    private static double Progress(int step, int warmupSteps, int trainingSteps)
        => (double)(step - warmupSteps) / Math.Max(1, trainingSteps - warmupSteps);

    private static double Wave(double halfWaves, double progress) => 0.5 * (1.0 + Math.Cos(Math.PI * halfWaves * progress));
}

/// <summary>How <see cref="LearningRateShapes.WarmupStableDecay"/> rises and falls.</summary>
public enum Slope
{
    /// <summary>Straight.</summary>
    Linear,

    /// <summary>Half a cosine.</summary>
    Cosine,

    /// <summary>One minus a square root.</summary>
    OneMinusSqrt,
}
