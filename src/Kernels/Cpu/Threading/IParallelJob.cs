namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Work over the items [0, count) that <see cref="CpuThreadPool"/> hands out in chunks, possibly to several threads at once.
/// </summary>
internal interface IParallelJob
{
    /// <summary>Does the items from <paramref name="begin"/> up to, not including, <paramref name="end"/>.</summary>
    void Execute(nint begin, nint end);
}
