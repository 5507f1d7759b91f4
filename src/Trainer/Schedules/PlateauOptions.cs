namespace NativeTrainer;

/// <summary>When and how far <see cref="ReduceLearningRateOnPlateau"/> reduces; torch's names are in parentheses.</summary>
public sealed record PlateauOptions
{
    /// <summary>Whether a larger metric is better (mode max).</summary>
    public bool GreaterIsBetter { get; init; }

    /// <summary>What a learning rate is multiplied by (factor); below 1.</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>Evaluations without improvement that are let pass (patience).</summary>
    public Number Patience { get; init; } = 10;

    /// <summary>By how much a metric must be better to count as better (threshold).</summary>
    public double Threshold { get; init; } = 1e-4;

    /// <summary>Whether the threshold is a share of the best metric (threshold_mode rel) or an amount (abs).</summary>
    public bool ThresholdIsRelative { get; init; } = true;

    /// <summary>Evaluations after a reduction that are not judged (cooldown).</summary>
    public Number Cooldown { get; init; } = 0;

    /// <summary>No learning rate is reduced below this (min_lr).</summary>
    public Number MinLearningRate { get; init; } = 0;

    /// <summary>A reduction by no more than this is not made (eps).</summary>
    public double Epsilon { get; init; } = 1e-8;

    internal static PlateauOptions Read(SchedulerSettings settings) => new()
    {
        GreaterIsBetter = settings.Choice("mode", "min", "min", "max") == "max",
        Factor = settings.Number("factor", 0.1),
        Patience = settings.Number("patience", 10),
        Threshold = settings.Number("threshold", 1e-4),
        ThresholdIsRelative = settings.Choice("threshold_mode", "rel", "rel", "abs") == "rel",
        Cooldown = settings.Number("cooldown", 0),
        MinLearningRate = settings.Number("min_lr", 0),
        Epsilon = settings.Number("eps", 1e-8),
    };
}
