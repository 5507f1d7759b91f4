namespace NativeTrainer;

/// <summary>What the training loop is to do next. Callbacks raise the flags; the loop lowers each before it acts on it.</summary>
public sealed class TrainerControl
{
    /// <summary>Stop training after this step.</summary>
    public bool ShouldTrainingStop { get; set; }

    /// <summary>Stop this epoch after this step.</summary>
    public bool ShouldEpochStop { get; set; }

    /// <summary>Write a checkpoint after this step.</summary>
    public bool ShouldSave { get; set; }

    /// <summary>Evaluate after this step.</summary>
    public bool ShouldEvaluate { get; set; }

    /// <summary>Log after this step.</summary>
    public bool ShouldLog { get; set; }

    internal void NewTraining() => ShouldTrainingStop = false;

    internal void NewEpoch() => ShouldEpochStop = false;

    internal void NewStep() => ShouldSave = ShouldEvaluate = ShouldLog = false;
}
