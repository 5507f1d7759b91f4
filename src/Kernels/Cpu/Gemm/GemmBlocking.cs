using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>How <see cref="BlockedGemm{V, T, TEpilogue}"/> cuts a product, and which operands it packs.</summary>
internal struct GemmBlocking
{
    /// <summary>Parts of K. More than one only where a strip of B would outgrow the first cache.</summary>
    public nint Parts;

    /// <summary>Blocks of C that threads take: across the rows, and across the columns.</summary>
    public nint RowBlocks, ColumnBlocks;

    /// <summary>Columns of B packed at a time: all, unless B is so large that the copy would be a burden.</summary>
    public nint PackedColumns;

    public bool PackA, PackB;

    // 32 columns of 256 floats are 32 KB: a first cache of 32 or 48 KB keeps most of the strip while tiles of A stream past it.
    private const int BytesOfKPerStrip = 1024;
    private const int LargestPackedB = 32 << 20;

    // Multiply-adds that are worth another thread: some 30 µs of work.
    private const long WorthwhileBlock = 2 << 20;

    public static unsafe GemmBlocking For<V, T>(in GemmProblem<T> problem, int threads)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int maxRows = TileKernels<V, T>.MaxRows, maxColumns = TileKernels<V, T>.MaxColumns;
        nint m = problem.M, n = problem.N, k = Math.Max(1, problem.K);
        GemmBlocking blocking = new()
        {
            Parts = Math.Max(1, DivideUp(k * sizeof(T), BytesOfKPerStrip * 3 / 2)),
            PackB = problem.BColumn != 1 || m > 4 * maxRows,
            PackA = n > 4 * maxColumns,
        };
        nint part = DivideUp(k, blocking.Parts);

        // Half of the second cache for the rows of A; the rest is for B, C and what else runs.
        nint rowsInCache = Math.Max(maxRows, CacheSizes.Level2 / 2 / (part * sizeof(T)) / maxRows * maxRows);
        blocking.RowBlocks = DivideUp(m, rowsInCache);
        blocking.ColumnBlocks = 1;
        blocking.PackedColumns = n;
        if (blocking.PackB)
            blocking.PackedColumns = Math.Min(n, Math.Max(1, LargestPackedB / (maxColumns * k * sizeof(T))) * maxColumns);

        // Enough blocks for the threads: first by rows, which costs nothing, then by columns, where each block packs the same rows of A again.
        nint wanted = (nint)Math.Min(2L * threads, (long)m * n * k / WorthwhileBlock);
        if (threads > 1 && wanted > 1)
        {
            blocking.RowBlocks = Math.Max(blocking.RowBlocks, Math.Min(wanted, DivideUp(m, 4 * maxRows)));
            if (blocking.RowBlocks > 1) blocking.RowBlocks = DivideUp(blocking.RowBlocks, threads) * threads;
            blocking.RowBlocks = Math.Min(blocking.RowBlocks, DivideUp(m, maxRows));
            if (blocking.RowBlocks < wanted) blocking.ColumnBlocks = Math.Min(DivideUp(wanted, blocking.RowBlocks), DivideUp(blocking.PackedColumns, maxColumns));
        }

        return blocking;
    }

    private static nint DivideUp(nint a, nint b) => (a + b - 1) / b;
}
