namespace NativeTrainer;

/// <summary>The shape of the learning rate over the steps; the formulas are in <see cref="LearningRateShapes"/>.</summary>
public enum SchedulerType
{
    /// <summary>Straight down to 0.</summary>
    Linear,

    /// <summary>Half a cosine down to 0.</summary>
    Cosine,

    /// <summary>A cosine that starts again at the top.</summary>
    CosineWithRestarts,

    /// <summary>A power of the steps that are left.</summary>
    Polynomial,

    /// <summary>Always the same, no warmup.</summary>
    Constant,

    /// <summary>The same after a warmup.</summary>
    ConstantWithWarmup,

    /// <summary>One over the square root of the step.</summary>
    InverseSqrt,

    /// <summary>Smaller whenever the evaluation no longer improves.</summary>
    ReduceOnPlateau,

    /// <summary>Half a cosine down to a floor (newer than Transformers 4.37).</summary>
    CosineWithMinLr,

    /// <summary>The same with a warmup that starts above 0 (newer than Transformers 4.37).</summary>
    CosineWarmupWithMinLr,

    /// <summary>Up, level, then down at the end (newer than Transformers 4.37).</summary>
    WarmupStableDecay,
}
