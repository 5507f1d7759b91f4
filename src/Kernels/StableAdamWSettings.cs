namespace NativeTrainer.Kernels;

/// <summary>The numbers of one StableAdamW step.</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
/// <param name="Step">Which step this is, from 1 on.</param>
public readonly record struct StableAdamWSettings(double LearningRate, long Step)
{
    /// <summary>How much of the first moment stays.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>How much of the second moment stays.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Times the learning rate, lowered as that is: the part of the parameter that is taken away.</summary>
    public double WeightDecay { get; init; }
}
