namespace NativeTrainer;

/// <summary>What a callback may look at besides arguments, state and control; null is what does not exist by then.</summary>
public sealed record CallbackContext
{
    /// <summary>The schedule of the learning rate, from the start of training on.</summary>
    public LearningRateScheduler? LrScheduler { get; set; }

    /// <summary>What is being logged (log); a callback may take entries out.</summary>
    public Metrics? Logs { get; init; }

    /// <summary>What an evaluation or a prediction found (evaluate, predict).</summary>
    public Metrics? Metrics { get; init; }
}
