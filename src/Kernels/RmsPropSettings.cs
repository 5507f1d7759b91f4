namespace NativeTrainer.Kernels;

/// <summary>The numbers of one RMSprop step.</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
public readonly record struct RmsPropSettings(double LearningRate)
{
    /// <summary>How much of the averages stays.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>Added to the root.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Times the parameter: added to the gradient.</summary>
    public double WeightDecay { get; init; }

    /// <summary>How much of the momentum stays; 0 for none.</summary>
    public double Momentum { get; init; }

    /// <summary>Climb instead of descend.</summary>
    public bool Maximize { get; init; }
}
