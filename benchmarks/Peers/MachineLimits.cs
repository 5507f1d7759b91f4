using NativeTrainer.Benchmarks.Machine;

namespace NativeTrainer.Benchmarks;

/// <summary>What this machine can do at most, measured once in this run.</summary>
internal static class MachineLimits
{
    private static readonly Lazy<double> Peak = new(() => Machine.FmaPeak.Measure() / 1e9);
    private static readonly Dictionary<int, double> Bandwidths = [];

    /// <summary>Fused multiply-adds of float32 on one core, two operations each: GFLOP/s.</summary>
    public static double FmaPeak => Peak.Value;

    /// <summary>Reading and writing far beyond the caches: GB/s.</summary>
    public static double Bandwidth(int threads) =>
        Bandwidths.TryGetValue(threads, out var known) ? known : Bandwidths[threads] = StreamBandwidth.Measure(threads).BytesPerSecond / 1e9;
}
