using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// The one launch that the workers of <see cref="CpuThreadPool"/> may be part of at a time: how chunks are taken and how the end is known.
/// </summary>
/// <remarks>
/// A ticket holds the launch's number and its next chunk in one word, and a chunk is taken by exchanging that word. A worker that wakes
/// late can therefore never take a chunk of one launch with the description of another: the description changes only while the ticket is
/// closed.
/// </remarks>
internal static unsafe class ParallelLaunch
{
    /// <summary>The chunk number of a ticket that has nothing to give.</summary>
    public const int Closed = int.MaxValue;

    private static Shared _shared = new() { Ticket = Closed };
    private static Description _launch;
    private static ExceptionDispatchInfo? _error;

    /// <summary>Number of the latest launch; changes with each.</summary>
    public static long Number => Volatile.Read(ref _shared.Ticket) >> 32;

    /// <summary>Workers that the latest launch has use for.</summary>
    public static int Helpers => _launch.Helpers;

    /// <summary>Runs all chunks on the caller's thread and <paramref name="helpers"/> workers. One caller at a time.</summary>
    public static void Run(
        delegate*<void*, nint, nint, void> body, void* context, nint count, nint grain, int chunks, ReadOnlySpan<ParallelWorker> helpers)
    {
        _launch = new Description
        {
            Body = body, Context = context, Count = count, Grain = grain, Chunks = chunks, Helpers = helpers.Length,
        };
        _shared.Completed = 0;
        long number = (_shared.Ticket >> 32) + 1;
        Interlocked.Exchange(ref _shared.Ticket, number << 32);
        foreach (ParallelWorker worker in helpers) worker.Wake();

        Participate(number);
        AwaitCompletion(chunks);
        Volatile.Write(ref _shared.Ticket, (number << 32) | Closed);

        if (_error is { } error)
        {
            _error = null;
            error.Throw();
        }
    }

    /// <summary>Does chunks of launch <paramref name="number"/> as long as there are any.</summary>
    public static void Participate(long number)
    {
        int executed = 0;
        while (true)
        {
            long ticket = Volatile.Read(ref _shared.Ticket);
            int chunk = (int)ticket;
            Description launch = _launch;
            if (ticket >> 32 != number || chunk >= launch.Chunks) break;
            if (Interlocked.CompareExchange(ref _shared.Ticket, ticket + 1, ticket) != ticket) continue;

            executed++;
            if (Volatile.Read(ref _error) is not null) continue;
            try
            {
                nint begin = chunk * launch.Grain;
                launch.Body(launch.Context, begin, Math.Min(launch.Count, begin + launch.Grain));
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(e), null);
            }
        }

        if (executed > 0) Interlocked.Add(ref _shared.Completed, executed);
    }

    private static void AwaitCompletion(int chunks)
    {
        for (int spins = 0; Volatile.Read(ref _shared.Completed) != chunks; spins++)
        {
            // A worker may have lost its processor to another program: after a while let the system run it here.
            if (spins < 1000) Thread.SpinWait(1);
            else Thread.Yield();
        }
    }

    private struct Description
    {
        public delegate*<void*, nint, nint, void> Body;
        public void* Context;
        public nint Count;
        public nint Grain;
        public int Chunks;
        public int Helpers;
    }

    // What several threads write lies two cache lines apart: processors fetch lines in pairs.
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Shared
    {
        [FieldOffset(128)] public long Ticket;
        [FieldOffset(256)] public int Completed;
    }
}
