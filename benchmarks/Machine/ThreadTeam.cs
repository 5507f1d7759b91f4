using System.Diagnostics;

namespace NativeTrainer.Benchmarks.Machine;

/// <summary>Threads of its own that do the same work at the same time, so that a machine's limits do not hang on the library's pool.</summary>
internal sealed class ThreadTeam
{
    /// <summary>Runs the work of each thread <paramref name="rounds"/> times after a first, unmeasured one.</summary>
    /// <returns>The median seconds of a round, from the moment that all begin until the last is done.</returns>
    public static double Median(int threads, int rounds, Action<int> work)
    {
        var times = new double[rounds];
        using var barrier = new Barrier(threads);
        var started = 0L;
        Thread[] team = [.. Enumerable.Range(0, threads).Select(number => new Thread(() => Run(number)) { IsBackground = true })];
        foreach (var thread in team) thread.Start();
        foreach (var thread in team) thread.Join();
        return Statistics.Median(times);

        void Run(int number)
        {
            for (var round = -1; round < rounds; round++)
            {
                barrier.SignalAndWait();
                if (number == 0) started = Stopwatch.GetTimestamp();
                work(number);
                barrier.SignalAndWait();
                if (number == 0 && round >= 0) times[round] = Stopwatch.GetElapsedTime(started).TotalSeconds;
            }
        }
    }
}
