namespace NativeTrainer.Kernels.Cpu;

/// <summary>The processor: SIMD loops, own matrix products and attention, on a thread pool of our own.</summary>
public sealed partial class CpuBackend : Backend
{
    private CpuBackend()
    {
    }

    /// <summary>The only one.</summary>
    public static CpuBackend Instance { get; } = new();
}
