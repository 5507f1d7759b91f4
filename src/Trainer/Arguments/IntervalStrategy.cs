namespace NativeTrainer;

/// <summary>When something happens during training: evaluation, logging, saving.</summary>
public enum IntervalStrategy
{
    /// <summary>Never.</summary>
    No,

    /// <summary>Each time a number of steps has been made.</summary>
    Steps,

    /// <summary>At the end of each epoch.</summary>
    Epoch,
}
