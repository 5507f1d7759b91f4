using System.Numerics;

namespace NativeTrainer.Tensors;

/// <summary>Freed blocks of one device, kept for the next allocation of about their size.</summary>
/// <remarks>
/// Sizes are rounded up to one of four steps per power of two, so that batches of varying length share blocks; a block up to twice as large is
/// taken before a new one is allocated. Not thread-safe: a pool belongs to one thread at a time.
/// </remarks>
internal sealed class BlockCache(Device device)
{
    private const int MinimumLog = 8;
    private readonly List<Stack<nint>> _free = [];
    private readonly DeviceMemory _memory = DeviceMemory.Of(device);

    /// <summary>Bytes in blocks that wait to be used again.</summary>
    public long CachedBytes { get; private set; }

    /// <summary>A block of at least <paramref name="bytes"/>, and its size class, which <see cref="Return"/> wants back.</summary>
    public nint Rent(long bytes, out int sizeClass)
    {
        var wanted = ClassOf(bytes);
        for (sizeClass = wanted; sizeClass <= wanted + 4 && sizeClass < _free.Count; sizeClass++)
        {
            if (_free[sizeClass].TryPop(out var block))
            {
                CachedBytes -= SizeOf(sizeClass);
                return block;
            }
        }
        sizeClass = wanted;
        return _memory.Allocate(SizeOf(wanted), device);
    }

    public void Return(nint block, int sizeClass)
    {
        while (_free.Count <= sizeClass) _free.Add(new Stack<nint>());
        _free[sizeClass].Push(block);
        CachedBytes += SizeOf(sizeClass);
    }

    /// <summary>Gives every waiting block back to the device.</summary>
    public void Trim()
    {
        foreach (var blocks in _free)
        {
            while (blocks.TryPop(out var block)) _memory.Free(block, device);
        }
        CachedBytes = 0;
    }

    // Class 4 i + j holds (4 + j) 2^(i + MinimumLog - 2) bytes.
    internal static int ClassOf(long bytes)
    {
        var units = Math.Max((bytes + (1 << (MinimumLog - 2)) - 1) >> (MinimumLog - 2), 4);
        var log = 63 - BitOperations.LeadingZeroCount((ulong)units) - 2;
        var quarters = (units + (1L << log) - 1) >> log;
        return (int)((4 * log) + quarters - 4);
    }

    internal static long SizeOf(int sizeClass) => (4L + (sizeClass % 4)) << ((sizeClass / 4) + MinimumLog - 2);
}
