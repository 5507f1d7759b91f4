namespace NativeTrainer.Kernels;

/// <summary>The numbers of one schedule-free AdamW step.</summary>
/// <param name="LearningRate">The learning rate of this step, warmup included.</param>
/// <param name="Step">Which step this is, from 1 on.</param>
public readonly record struct ScheduleFreeSettings(double LearningRate, long Step)
{
    /// <summary>How far the weights that gradients are taken at lie from the average towards the last point.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>How much of the second moment stays.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Times the parameter: added to the step before the learning rate.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The weight of this step's point in the average, 0 to 1.</summary>
    public double Share { get; init; } = 1;
}
