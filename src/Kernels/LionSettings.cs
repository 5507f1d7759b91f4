namespace NativeTrainer.Kernels;

/// <summary>The numbers of one Lion step.</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
public readonly record struct LionSettings(double LearningRate)
{
    /// <summary>The weight of the momentum in the step's direction.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>How much of the momentum stays.</summary>
    public double Beta2 { get; init; } = 0.99;

    /// <summary>Times the learning rate: the part of the parameter that is taken away, before the step.</summary>
    public double WeightDecay { get; init; }
}
