namespace NativeTrainer.Benchmarks;

/// <summary>One row: the same work by ours and by a peer, in one unit.</summary>
/// <param name="Name">As in the table and in --filter.</param>
/// <param name="Unit">Of <paramref name="Figure"/>.</param>
/// <param name="Figure">What to show for so many seconds a call.</param>
/// <param name="Ours">One call.</param>
internal sealed record Duel(string Name, string Unit, Func<double, double> Figure, Action Ours)
{
    /// <summary>Threads that both use.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>One call of the peer; null where there is none.</summary>
    public Action? Peer { get; init; }

    /// <summary>Who the peer is, or why there is none.</summary>
    public string PeerName { get; init; } = "";

    /// <summary>The best that the machine allows, in the unit; null where no simple limit holds.</summary>
    public double? Limit { get; init; }

    /// <summary>Set up before each block of ours and taken back after the row (threads).</summary>
    public Action<int>? SetPeerThreads { get; init; }

    /// <summary>Whether a larger figure is better: rates are, times are not.</summary>
    public bool LargerIsBetter => Unit.EndsWith("/s", StringComparison.Ordinal);

    /// <summary>A rate of floating point operations against the FMA peak of the threads.</summary>
    public static Duel Rate(string name, double operations, Action ours, int? threads = null)
    {
        var count = threads ?? Environment.ProcessorCount;
        return new Duel(name, "GFLOP/s", seconds => operations / seconds / 1e9, ours) { Threads = count, Limit = count * MachineLimits.FmaPeak };
    }

    /// <summary>A rate of bytes against the stream bandwidth of the threads.</summary>
    public static Duel Bytes(string name, double bytes, Action ours) =>
        new(name, "GB/s", seconds => bytes / seconds / 1e9, ours) { Limit = MachineLimits.Bandwidth(Environment.ProcessorCount) };

    /// <summary>A time in milliseconds.</summary>
    public static Duel Milliseconds(string name, Action ours) => new(name, "ms", seconds => seconds * 1e3, ours);

    /// <summary>A time in microseconds.</summary>
    public static Duel Microseconds(string name, Action ours) => new(name, "us", seconds => seconds * 1e6, ours);
}
