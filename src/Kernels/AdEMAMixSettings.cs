namespace NativeTrainer.Kernels;

/// <summary>The numbers of one AdEMAMix step.</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
/// <param name="Step">Which step this is, from 1 on.</param>
public readonly record struct AdEMAMixSettings(double LearningRate, long Step)
{
    /// <summary>How much of the fast moment stays.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>How much of the second moment stays.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>How much of the slow moment stays at this step.</summary>
    public double Beta3 { get; init; } = 0.9999;

    /// <summary>The weight of the slow moment at this step.</summary>
    public double Alpha { get; init; } = 5;

    /// <summary>Added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Times the learning rate: the part of the parameter that is taken away.</summary>
    public double WeightDecay { get; init; }
}
