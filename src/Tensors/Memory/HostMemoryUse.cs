namespace NativeTrainer.Tensors;

/// <summary>How much of the processor's memory tensors have taken, blocks that pools keep for later included, and how much they may
/// take.</summary>
public static class HostMemoryUse
{
    private static long _bytes, _peak, _limit = long.MaxValue;

    /// <summary>Bytes taken now.</summary>
    public static long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The most bytes that have been taken at once since <see cref="ResetPeak"/>.</summary>
    public static long PeakBytes => Volatile.Read(ref _peak);

    /// <summary>Taking more throws <see cref="OutOfMemoryException"/>; null, as at first, for no limit but the machine's.</summary>
    public static long? LimitBytes
    {
        get => Volatile.Read(ref _limit) is var limit && limit < long.MaxValue ? limit : null;
        set
        {
            if (value is <= 0) throw new ArgumentOutOfRangeException(nameof(value), value, "a limit is above 0 bytes, or null for none");
            Volatile.Write(ref _limit, value ?? long.MaxValue);
        }
    }

    /// <summary>Counts the peak from what is taken now.</summary>
    public static void ResetPeak() => Volatile.Write(ref _peak, Bytes);

    internal static bool TryTake(long bytes)
    {
        var now = Interlocked.Add(ref _bytes, bytes);
        if (now > Volatile.Read(ref _limit))
        {
            Interlocked.Add(ref _bytes, -bytes);
            return false;
        }
        for (var peak = PeakBytes; now > peak; peak = PeakBytes)
        {
            if (Interlocked.CompareExchange(ref _peak, now, peak) == peak) break;
        }
        return true;
    }

    internal static void Give(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}
