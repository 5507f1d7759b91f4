using System.Diagnostics;
using NativeTrainer.Benchmarks.Machine;
using NativeTrainer.Kernels;

namespace NativeTrainer.Benchmarks;

/// <summary>Measures ours and the peer in turns, so that what the machine does meanwhile hits both.</summary>
internal static class Stopwatches
{
    private const int Rounds = 9;
    private static readonly TimeSpan Block = TimeSpan.FromMilliseconds(150), Pause = TimeSpan.FromMilliseconds(30);

    /// <summary>Median seconds a call.</summary>
    public static (double Ours, double? Peer) Measure(Duel duel)
    {
        var threads = CpuThreads.Count;
        CpuThreads.Count = duel.Threads;
        duel.SetPeerThreads?.Invoke(duel.Threads);
        try
        {
            var ourCalls = Calls(duel.Ours);
            var peerCalls = duel.Peer is { } warm ? Calls(warm) : 0;
            List<double> ours = [], peers = [];
            for (var round = 0; round < Rounds; round++)
            {
                ours.Add(Time(duel.Ours, ourCalls));
                if (duel.Peer is { } peer) peers.Add(Time(peer, peerCalls));
            }
            return (Statistics.Median(ours), peers.Count > 0 ? Statistics.Median(peers) : null);
        }
        finally
        {
            CpuThreads.Count = threads;
        }
    }

    // Warms up, and finds how many calls fill a block.
    private static int Calls(Action work)
    {
        work();
        var start = Stopwatch.GetTimestamp();
        var calls = 0;
        do
        {
            work();
            calls++;
        }
        while (Stopwatch.GetElapsedTime(start) < Block);
        return calls;
    }

    private static double Time(Action work, int calls)
    {
        Thread.Sleep(Pause); // the other side's threads stop spinning
        work(); // and caches are ours again
        var start = Stopwatch.GetTimestamp();
        for (var call = 0; call < calls; call++) work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
    }
}
