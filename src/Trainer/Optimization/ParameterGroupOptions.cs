namespace NativeTrainer;

/// <summary>What an optimizer does to one group of parameters; schedules change the learning rate from step to step.</summary>
/// <param name="learningRate">The learning rate, 0 or more.</param>
/// <param name="weightDecay">The weight decay, 0 or more.</param>
public class ParameterGroupOptions(double learningRate, double weightDecay = 0)
{
    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate { get; set; } = learningRate;

    /// <summary>The weight decay.</summary>
    public double WeightDecay { get; set; } = weightDecay;

    /// <summary>The learning rate that a schedule scales; unset until there is one, which takes the learning rate it finds.</summary>
    public double? InitialLearningRate { get; set; }
}
