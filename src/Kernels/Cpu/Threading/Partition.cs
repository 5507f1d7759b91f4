namespace NativeTrainer.Kernels.Cpu;

/// <summary>Cutting of ranges into nearly equal parts.</summary>
internal static class Partition
{
    /// <summary>How many parts of at most <paramref name="size"/> hold <paramref name="count"/> items.</summary>
    public static nint Parts(nint count, nint size) => (count + size - 1) / size;

    /// <summary>
    /// Where part <paramref name="index"/> of <paramref name="parts"/> begins; for index = parts, where the last one ends.
    /// </summary>
    public static nint Begin(nint count, nint parts, nint index) => count / parts * index + Math.Min(index, count % parts);
}
