using NativeTrainer.Kernels.Cpu;

namespace NativeTrainer.Kernels;

/// <summary>The threads of the CPU engine, which all models of a program share.</summary>
public static class CpuThreads
{
    /// <summary>
    /// How many threads compute together, the caller's included. Default: the processors that this process may use (affinity and cgroup limits
    /// count). Results are the same bits for any number.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public static int Count
    {
        get => CpuThreadPool.ThreadCount;
        set => CpuThreadPool.ThreadCount = value;
    }
}
