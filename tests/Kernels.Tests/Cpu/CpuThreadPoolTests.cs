using NativeTrainer.Kernels.Cpu;

namespace NativeTrainer.Kernels.Tests.Cpu;

/// <summary>The pool is one per process, so these cases run alone.</summary>
[NonParallelizable]
public sealed unsafe class CpuThreadPoolTests
{
    private int _threads;

    [SetUp]
    public void Remember() => _threads = CpuThreadPool.ThreadCount;

    [TearDown]
    public void Restore() => CpuThreadPool.ThreadCount = _threads;

    [Test]
    public void EveryItemIsDoneOnceInChunksThatDependOnTheShapeOnly(
        [Values(1, 2, 3, 8)] int threads, [Values(0, 1, 7, 64, 1000)] int count, [Values(1, 7, 64, 5000)] int grain)
    {
        CpuThreadPool.ThreadCount = threads;
        int[] done = new int[count];
        int[] ends = new int[count];
        fixed (int* d = done, e = ends)
        {
            for (int launch = 1; launch <= 20; launch++)
            {
                CpuThreadPool.For(count, grain, new MarkJob { Done = d, Ends = e });
                for (int i = 0; i < count; i++)
                {
                    Assert.That(done[i], Is.EqualTo(launch), $"item {i}, launch {launch}");
                    Assert.That(ends[i], Is.EqualTo(Math.Min(count, (i / grain + 1) * grain)), $"end of the chunk of item {i}");
                }
            }
        }
    }

    [Test]
    public void SeveralThreadsComputeTogether()
    {
        CpuThreadPool.ThreadCount = 2;
        // Two chunks that wait for each other end only if two threads run them.
        using Barrier barrier = new(2);
        bool met = true;
        CpuThreadPool.For(2, 1, new CallJob(_ => { if (!barrier.SignalAndWait(TimeSpan.FromSeconds(20))) met = false; }));
        Assert.That(met, Is.True, "two chunks ran one after the other");
    }

    [Test]
    public void OneThreadMeansTheCallersThread()
    {
        CpuThreadPool.ThreadCount = 1;
        int caller = Environment.CurrentManagedThreadId;
        CpuThreadPool.For(100, 1, new CallJob(_ => Assert.That(Environment.CurrentManagedThreadId, Is.EqualTo(caller))));
    }

    [Test]
    public void JobsInsideJobsRun()
    {
        CpuThreadPool.ThreadCount = 4;
        int sum = 0;
        CpuThreadPool.For(16, 1, new CallJob(_ => CpuThreadPool.For(16, 1, new CallJob(j => Interlocked.Add(ref sum, (int)j)))));
        Assert.That(sum, Is.EqualTo(16 * (15 * 16 / 2)));
    }

    [Test]
    public void SeveralCallersAtOnceGetTheirOwnWorkDone()
    {
        CpuThreadPool.ThreadCount = 3;
        const int callers = 6, launches = 2000, count = 50;
        long[] sums = new long[callers];
        Thread[] threads = new Thread[callers];
        for (int t = 0; t < callers; t++)
        {
            int me = t;
            threads[t] = new Thread(() =>
            {
                for (int launch = 0; launch < launches; launch++)
                    CpuThreadPool.For(count, 3, new CallJob(i => Interlocked.Add(ref sums[me], i)));
            });
            threads[t].Start();
        }

        foreach (Thread thread in threads) thread.Join();
        Assert.That(sums, Is.All.EqualTo((long)launches * (count * (count - 1) / 2)));
    }

    [Test]
    public void AnExceptionReachesTheCallerAndThePoolGoesOn([Values(1, 4)] int threads)
    {
        CpuThreadPool.ThreadCount = threads;
        for (int launch = 0; launch < 50; launch++)
        {
            InvalidOperationException? error = Assert.Throws<InvalidOperationException>(
                () => CpuThreadPool.For(20, 1, new CallJob(i => { if (i == 13) throw new InvalidOperationException("thirteen"); })));
            Assert.That(error!.Message, Is.EqualTo("thirteen"));
            int done = 0;
            CpuThreadPool.For(20, 1, new CallJob(_ => Interlocked.Increment(ref done)));
            Assert.That(done, Is.EqualTo(20));
        }
    }

    [Test]
    public void WorkersThatFellAsleepWakeUp()
    {
        CpuThreadPool.ThreadCount = 2;
        for (int launch = 0; launch < 5; launch++)
        {
            Thread.Sleep(20);
            SeveralThreadsComputeTogether();
        }
    }

    [Test]
    public void ALaunchAllocatesNothing()
    {
        CpuThreadPool.ThreadCount = 2;
        int[] done = new int[1000];
        fixed (int* d = done)
        {
            MarkJob job = new() { Done = d, Ends = d };
            for (int i = 0; i < 10; i++) CpuThreadPool.For(1000, 10, job);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++) CpuThreadPool.For(1000, 10, job);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        }
    }

    [Test]
    public void BadSettingsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CpuThreadPool.ThreadCount = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => CpuThreadPool.For(1, 0, new CallJob(_ => { })));
    }

    private struct MarkJob : IParallelJob
    {
        public int* Done;
        public int* Ends;

        public readonly void Execute(nint begin, nint end)
        {
            for (nint i = begin; i < end; i++)
            {
                Done[i]++;
                if (Ends != Done) Ends[i] = (int)end;
            }
        }
    }

    private readonly struct CallJob(Action<nint> call) : IParallelJob
    {
        public void Execute(nint begin, nint end)
        {
            for (nint i = begin; i < end; i++) call(i);
        }
    }
}
