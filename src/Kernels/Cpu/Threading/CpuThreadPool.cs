using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Persistent worker threads for kernels. Work is cut into chunks of <c>grain</c> items whose borders depend on the job's shape alone, so
/// that results are the same bits for any number of threads; a launch allocates nothing.
/// </summary>
/// <remarks>
/// One job at a time uses the workers. A job started while they are busy (from inside another job, or by a second thread of the program)
/// runs on its caller's thread, chunk by chunk all the same: a service that runs many models never has more threads computing than it asked
/// for.
/// </remarks>
internal static unsafe class CpuThreadPool
{
    /// <summary>Elementary operations (an element read, computed, written) that are worth the price of waking another thread.</summary>
    public const int WorthwhileWork = 32 * 1024;

    private static ParallelWorker[] _workers = [];
    private static int _threadCount = Environment.ProcessorCount;
    private static int _busy;

    /// <summary>
    /// Threads that compute together, the caller's included. Default: the processors that this process may use (affinity and cgroup limits
    /// count).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public static int ThreadCount
    {
        get => Volatile.Read(ref _threadCount);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Volatile.Write(ref _threadCount, value);
        }
    }

    /// <summary>
    /// Items per chunk such that a chunk holds <see cref="WorthwhileWork"/>, where one item costs <paramref name="itemCost"/>.
    /// </summary>
    public static nint GrainFor(nint itemCost) => Math.Max(1, WorthwhileWork / Math.Max(1, itemCost));

    /// <summary>
    /// Calls <paramref name="job"/> for each chunk [0, grain), [grain, 2 grain), ... of [0, <paramref name="count"/>) and returns when all
    /// are done. One chunk runs on the caller's thread without synchronisation. The first exception of a chunk is thrown here.
    /// </summary>
    public static void For<TJob>(nint count, nint grain, TJob job) where TJob : struct, IParallelJob =>
        // The copy lives in this frame until the launch is over, so a raw pointer to it is safe in the workers.
        For(count, grain, &Execute<TJob>, Unsafe.AsPointer(ref job));

    /// <summary>The same for a static function and a context of its own, which must stay where it is until the call returns.</summary>
    public static void For(nint count, nint grain, delegate*<void*, nint, nint, void> body, void* context)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(grain, 1);
        if (count <= grain)
        {
            if (count > 0) body(context, 0, count);
            return;
        }

        nint chunks = (count - 1) / grain + 1;
        int helpers = (int)Math.Min(ThreadCount, chunks) - 1;
        if (helpers == 0 || chunks >= ParallelLaunch.Closed || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            for (nint begin = 0; begin < count; begin += grain) body(context, begin, Math.Min(count, begin + grain));
            return;
        }

        try
        {
            if (_workers.Length < helpers) StartWorkers(helpers);
            ParallelLaunch.Run(body, context, count, grain, (int)chunks, _workers.AsSpan(0, helpers));
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    private static void Execute<TJob>(void* job, nint begin, nint end) where TJob : struct, IParallelJob =>
        Unsafe.AsRef<TJob>(job).Execute(begin, end);

    private static void StartWorkers(int wanted)
    {
        int started = _workers.Length;
        Array.Resize(ref _workers, wanted);
        for (int i = started; i < wanted; i++) _workers[i] = new ParallelWorker(i);
    }
}
