namespace NativeTrainer;

/// <summary>Watches that <c>debug</c> can switch on.</summary>
public enum DebugOption
{
    /// <summary>Stop at the first value that is not finite, and say where it was.</summary>
    UnderflowOverflow,

    /// <summary>Print a TPU's metrics.</summary>
    TpuMetricsDebug,
}
