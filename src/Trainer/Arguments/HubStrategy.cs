namespace NativeTrainer;

/// <summary>What is pushed to the Hub, and when.</summary>
public enum HubStrategy
{
    /// <summary>The model, when it is saved at the end.</summary>
    End,

    /// <summary>The model, each time it is saved.</summary>
    EverySave,

    /// <summary>The same, and the last checkpoint in a folder of its own, to resume from.</summary>
    Checkpoint,

    /// <summary>The same, and every checkpoint.</summary>
    AllCheckpoints,
}
