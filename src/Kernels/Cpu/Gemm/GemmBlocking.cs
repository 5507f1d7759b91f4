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

    public bool PackA;
    public PackingOfB PackB;

    // A strip of 32 columns is then at most 64 KB: from the first cache or the second, a tile's loads keep ahead of its arithmetic either
    // way.
    private const int BytesOfKPerStrip = 2048;
    private const int LargestPackedB = 32 << 20;

    // Multiply-adds that are worth another thread: some 30 µs of work.
    private const long WorthwhileBlock = 2 << 20;

    /// <summary>
    /// Cuts <paramref name="problem"/> for so many threads. The parts of K alone matter to the result's bits, and they depend on K alone.
    /// </summary>
    public static unsafe GemmBlocking For<V, T>(in GemmProblem<T> problem, int threads)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int maxRows = TileKernels<V, T>.MaxRows, maxColumns = TileKernels<V, T>.MaxColumns;
        nint m = problem.M, n = problem.N, k = Math.Max(1, problem.K);
        nint parts = Partition.Parts(k * sizeof(T), BytesOfKPerStrip), longest = Partition.Parts(k, parts);
        GemmBlocking blocking = new() { Parts = parts, RowBlocks = 1, ColumnBlocks = 1, PackedColumns = n };

        // Half of the second cache for the rows of A; the rest is for B, C and what else runs.
        nint rowsInCache = Math.Max(maxRows, CacheSizes.Level2 / 2 / (longest * sizeof(T)) / maxRows * maxRows);

        // Two blocks per thread, so that one that was held up does not hold up the rest.
        nint wanted = (nint)Math.Min(2L * threads, (long)m * n * k / WorthwhileBlock);
        if (threads == 1 || wanted < 2) wanted = 1;
        if (m <= rowsInCache && (wanted == 1 || n >= 2 * m))
        {
            blocking.ColumnBlocks = Math.Min(wanted, Partition.Parts(n, maxColumns));
            blocking.PackB = problem.BColumn == 1 && m <= 4 * maxRows ? PackingOfB.None : PackingOfB.StripByStrip;
        }
        else
        {
            blocking.RowBlocks = Math.Max(Partition.Parts(m, rowsInCache), Math.Min(wanted, Partition.Parts(m, 4 * maxRows)));
            if (wanted > 1)
                blocking.RowBlocks = Math.Min(Partition.Parts(blocking.RowBlocks, threads) * threads, Partition.Parts(m, maxRows));
            blocking.PackB = PackingOfB.Once;
            blocking.PackedColumns = Math.Min(n, Math.Max(1, LargestPackedB / (maxColumns * k * sizeof(T))) * maxColumns);

            // Where rows do not suffice for all threads, columns: each block then packs the same rows of A again.
            nint panels = Partition.Parts(blocking.PackedColumns, maxColumns);
            blocking.ColumnBlocks = Math.Min(Partition.Parts(wanted, blocking.RowBlocks), panels);
        }

        // Packing an element of A costs as much as using it against some columns.
        blocking.PackA = n / blocking.ColumnBlocks > 4 * maxColumns;
        return blocking;
    }
}

/// <summary>When columns of B are copied into strips of a tile's width.</summary>
internal enum PackingOfB
{
    /// <summary>Not at all: rows of B are read in place, which few rows of A repay best.</summary>
    None,

    /// <summary>Each strip when its turn comes, into memory that stays in the cache: where no second block of rows needs it.</summary>
    StripByStrip,

    /// <summary>All before the products begin, on all threads, for all blocks of rows.</summary>
    Once,
}
