using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// The general product. C is cut into blocks for threads; a block walks K in parts whose strip of B stays in the first cache and whose rows
/// of A stay in the second, and covers itself with register tiles (<see cref="TileKernels{V, T}"/>). Operands are packed where that pays
/// and read in place elsewhere.
/// </summary>
/// <remarks>How K is cut depends on K alone, so results are the same bits for any number of threads, blocks or cache sizes.</remarks>
internal unsafe struct BlockedGemm<V, T, TEpilogue>(in GemmProblem<T> problem, TEpilogue epilogue) : IParallelJob
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TEpilogue : struct, IEpilogue<T>
{
    private readonly GemmProblem<T> _problem = problem;
    private readonly TEpilogue _epilogue = epilogue;
    private GemmBlocking _blocking;
    private T* _packedB;
    private nint _firstColumn, _columns;

    /// <summary>Multiplies one pair of matrices on as many threads as are free.</summary>
    public static void Run(in GemmProblem<T> problem, TEpilogue epilogue)
    {
        BlockedGemm<V, T, TEpilogue> gemm = new(problem, epilogue);
        GemmBlocking blocking = gemm._blocking = GemmBlocking.For<V, T>(problem, CpuThreadPool.ThreadCount);
        for (gemm._firstColumn = 0; gemm._firstColumn < problem.N; gemm._firstColumn += blocking.PackedColumns)
        {
            gemm._columns = Math.Min(blocking.PackedColumns, problem.N - gemm._firstColumn);
            gemm.RunColumns();
        }
    }

    /// <summary>Computes blocks of C; they are numbered down the rows first.</summary>
    public readonly void Execute(nint begin, nint end)
    {
        for (nint block = begin; block < end; block++)
        {
            (nint across, nint down) = Math.DivRem(block, _blocking.RowBlocks);
            nint row = Partition.Begin(_problem.M, _blocking.RowBlocks, down);
            nint rowEnd = Partition.Begin(_problem.M, _blocking.RowBlocks, down + 1);
            nint panels = Panels(_columns);
            nint panel = Partition.Begin(panels, _blocking.ColumnBlocks, across);
            nint panelEnd = Partition.Begin(panels, _blocking.ColumnBlocks, across + 1);
            Block(row, rowEnd - row, panel, panelEnd);
        }
    }

    private static int MaxColumns => TileKernels<V, T>.MaxColumns;

    private static nint Panels(nint columns) => Partition.Parts(columns, MaxColumns);

    private void RunColumns()
    {
        nint panels = Panels(_columns), blocks = _blocking.RowBlocks * _blocking.ColumnBlocks;
        bool once = _blocking.PackB == PackingOfB.Once;
        using Scratch.Loan<T> packed = Scratch.Rent<T>(once ? panels * MaxColumns * _problem.K : 0);
        _packedB = packed.Pointer;
        if (once)
        {
            PackJob pack = new() { Gemm = this };
            nint grain = CpuThreadPool.GrainFor(_problem.K * MaxColumns);
            if (blocks > 1) CpuThreadPool.For(panels, grain, pack);
            else pack.Execute(0, panels);
        }

        if (blocks > 1) CpuThreadPool.For(blocks, 1, this);
        else Execute(0, 1);
    }

    private readonly void Block(nint row, nint rows, nint panel, nint panelEnd)
    {
        nint tilesDown = Partition.Parts(rows, TileKernels<V, T>.MaxRows);
        nint longest = _problem.K / _blocking.Parts + 1;
        using Scratch.Loan<T> packedA = Scratch.Rent<T>(_blocking.PackA ? rows * longest : 0);
        using Scratch.Loan<T> strip = Scratch.Rent<T>(longest * MaxColumns);

        for (nint part = 0; part < _blocking.Parts; part++)
        {
            nint k = Partition.Begin(_problem.K, _blocking.Parts, part), kEnd = Partition.Begin(_problem.K, _blocking.Parts, part + 1);
            Tile<T> tile = new()
            {
                K = kEnd - k, ARow = _problem.ARow, AColumn = _problem.AColumn, CRow = _problem.CRow,
            };
            T beta = part == 0 ? _problem.Beta : T.One;
            if (_blocking.PackA) PackA(row, rows, tilesDown, k, tile.K, packedA.Pointer);

            for (nint p = panel; p < panelEnd; p++)
            {
                nint column = _firstColumn + p * MaxColumns;
                int columns = (int)Math.Min(MaxColumns, _firstColumn + _columns - column);
                LocateB(ref tile, p, column, columns, k, strip.Pointer);
                for (nint t = 0; t < tilesDown; t++)
                {
                    nint first = Partition.Begin(rows, tilesDown, t);
                    int height = (int)(Partition.Begin(rows, tilesDown, t + 1) - first);
                    LocateA(ref tile, row + first, first, height, k, packedA.Pointer);
                    tile.C = _problem.C + (row + first) * _problem.CRow + column;
                    TileKernels<V, T>.Run(height, columns, ref tile, _problem.Alpha, beta);
                    if (!TEpilogue.IsNothing && part == _blocking.Parts - 1)
                        _epilogue.Apply<V>(tile.C, tile.CRow, height, columns, row + first, column);
                }
            }
        }
    }

    private readonly void PackA(nint row, nint rows, nint tilesDown, nint k, nint length, T* packed)
    {
        for (nint t = 0; t < tilesDown; t++)
        {
            nint first = Partition.Begin(rows, tilesDown, t);
            int height = (int)(Partition.Begin(rows, tilesDown, t + 1) - first);
            T* source = _problem.A + (row + first) * _problem.ARow + k * _problem.AColumn;
            Packing.Panel(source, _problem.ARow, _problem.AColumn, height, height, length, packed + first * length);
        }
    }

    private readonly void LocateA(ref Tile<T> tile, nint row, nint first, int height, nint k, T* packed)
    {
        if (_blocking.PackA)
        {
            tile.A = packed + first * tile.K;
            (tile.ARow, tile.AColumn) = (1, height);
        }
        else tile.A = _problem.A + row * _problem.ARow + k * _problem.AColumn;
    }

    // Read in place, the last columns of B may lack the elements that fill a vector: they are packed after all.
    private readonly void LocateB(ref Tile<T> tile, nint panel, nint column, int columns, nint k, T* strip)
    {
        T* inPlace = _problem.B + k * _problem.BRow + column * _problem.BColumn;
        tile.BRow = MaxColumns;
        if (_blocking.PackB == PackingOfB.Once) tile.B = _packedB + (panel * _problem.K + k) * MaxColumns;
        else if (_blocking.PackB == PackingOfB.None && columns % V.Count == 0)
        {
            tile.B = inPlace;
            tile.BRow = _problem.BRow;
        }
        else
        {
            Packing.Panel(inPlace, _problem.BColumn, _problem.BRow, columns, MaxColumns, tile.K, strip);
            tile.B = strip;
        }
    }

    private struct PackJob : IParallelJob
    {
        public BlockedGemm<V, T, TEpilogue> Gemm;

        public readonly void Execute(nint begin, nint end)
        {
            GemmProblem<T> problem = Gemm._problem;
            for (nint p = begin; p < end; p++)
            {
                nint column = p * MaxColumns;
                int columns = (int)Math.Min(MaxColumns, Gemm._columns - column);
                T* source = problem.B + (Gemm._firstColumn + column) * problem.BColumn;
                Packing.Panel(source, problem.BColumn, problem.BRow, columns, MaxColumns, problem.K, Gemm._packedB + column * problem.K);
            }
        }
    }
}
