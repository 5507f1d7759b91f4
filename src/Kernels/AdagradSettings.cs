namespace NativeTrainer.Kernels;

/// <summary>The numbers of one Adagrad step.</summary>
/// <param name="LearningRate">The learning rate of this step, its own decay over the steps included.</param>
public readonly record struct AdagradSettings(double LearningRate)
{
    /// <summary>Added to the root of the sum.</summary>
    public double Epsilon { get; init; } = 1e-10;

    /// <summary>Times the parameter: added to the gradient.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Climb instead of descend.</summary>
    public bool Maximize { get; init; }
}
