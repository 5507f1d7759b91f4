namespace NativeTrainer;

/// <summary>How the devices of a training work together.</summary>
public enum ParallelMode
{
    /// <summary>One device or none but the processor.</summary>
    NotParallel,

    /// <summary>Several GPUs in one process.</summary>
    NotDistributed,

    /// <summary>A process for each device.</summary>
    Distributed,
}
