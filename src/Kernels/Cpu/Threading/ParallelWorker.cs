using System.Diagnostics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// One worker thread of <see cref="CpuThreadPool"/>: waits for launches, awake for a short while and then asleep, and helps with each that
/// wants it.
/// </summary>
internal sealed class ParallelWorker
{
    // Long enough to stay awake between the kernels of a step, short enough that an idle program costs nothing.
    private static readonly long AwakeTicks = Stopwatch.Frequency / 1_000_000 * 50;

    private readonly int _index;
    private volatile bool _asleep;

    /// <summary>Starts the thread. Worker <paramref name="index"/> helps with launches that want more than so many helpers.</summary>
    public ParallelWorker(int index)
    {
        _index = index;
        new Thread(Work) { IsBackground = true, Name = $"NativeTrainer CPU {index + 1}" }.Start();
    }

    /// <summary>Wakes the thread if it sleeps; to be called after a launch is published.</summary>
    public void Wake()
    {
        if (!_asleep) return;
        lock (this) Monitor.Pulse(this);
    }

    private void Work()
    {
        long seen = 0;
        while (true)
        {
            Await(ref seen);
            ParallelLaunch.Participate(seen);
        }
    }

    private void Await(ref long seen)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            for (int i = 0; i < 20; i++)
            {
                if (IsWanted(ref seen)) return;
                Thread.SpinWait(1);
            }

            if (Stopwatch.GetTimestamp() - start < AwakeTicks) continue;
            Sleep(seen);
            start = Stopwatch.GetTimestamp();
        }
    }

    private bool IsWanted(ref long seen)
    {
        long number = ParallelLaunch.Number;
        if (number == seen) return false;
        seen = number;
        return _index < ParallelLaunch.Helpers;
    }

    private void Sleep(long seen)
    {
        lock (this)
        {
            // The launcher publishes its launch before it looks for sleepers, a sleeper says so before it looks for launches: one of the
            // two sees the other.
            _asleep = true;
            Interlocked.MemoryBarrier();
            if (ParallelLaunch.Number == seen) Monitor.Wait(this);
            _asleep = false;
        }
    }
}
