namespace NativeTrainer.Kernels;

/// <summary>The numbers of one Adafactor step of a parameter.</summary>
/// <param name="LearningRate">The learning rate of this step, or the relative step size.</param>
/// <param name="Step">Which step this is, from 1 on.</param>
public readonly record struct AdafactorSettings(double LearningRate, long Step)
{
    /// <summary>Added to squared gradients.</summary>
    public double Epsilon { get; init; } = 1e-30;

    /// <summary>The smallest scale of a parameter, see <see cref="ScalesByParameter"/>.</summary>
    public double SmallestScale { get; init; } = 1e-3;

    /// <summary>The step's root mean square is brought down to this.</summary>
    public double ClipThreshold { get; init; } = 1;

    /// <summary>The power of the step that the averages' decay follows: β₂ = 1 − step^rate.</summary>
    public double DecayRate { get; init; } = -0.8;

    /// <summary>How much of the first moment stays; counts where there is one.</summary>
    public double Beta1 { get; init; }

    /// <summary>Times the learning rate: the part of the parameter that is taken away, before the step.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Multiply the learning rate by the parameter's root mean square.</summary>
    public bool ScalesByParameter { get; init; }
}
