namespace NativeTrainer.Kernels;

/// <summary>The numbers of one step of stochastic gradient descent.</summary>
/// <param name="LearningRate">The learning rate of this step.</param>
public readonly record struct SgdSettings(double LearningRate)
{
    /// <summary>How much of the momentum stays; 0 for none.</summary>
    public double Momentum { get; init; }

    /// <summary>How much of the gradient does not go into the momentum; the first step's goes in whole.</summary>
    public double Dampening { get; init; }

    /// <summary>Look ahead by one momentum step.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Times the parameter: added to the gradient.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Climb instead of descend.</summary>
    public bool Maximize { get; init; }

    /// <summary>The momentum begins: it becomes the gradient.</summary>
    public bool IsFirst { get; init; }
}
