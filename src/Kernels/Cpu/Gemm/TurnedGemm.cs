using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Products of some dozen rows with a large operand that is contiguous along K, as a layer's weight in inference on one text: Cᵀ = Bᵀ·Aᵀ,
/// whose tiles read the weight in place. The general product would copy all of it for a few rows' sake.
/// </summary>
/// <remarks>An element's sum runs over K in order as in the general product: the same bits.</remarks>
internal unsafe struct TurnedGemm<V, T, TEpilogue> : IParallelJob
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TEpilogue : struct, IEpilogue<T>
{
    // Above it, a copy of the weight serves enough rows to be cheap.
    private const int MostRows = 96;

    // Below it, the weight is in the nearest caches anyway.
    private const int FewestElements = 32 * 1024;

    // Rows of the weight that a thread takes at a time: whole tiles, and whole vectors of C.
    private const int Chunk = 48;

    private GemmProblem<T> _problem;
    private TEpilogue _epilogue;
    private T* _packed;

    private static int Width => TileKernels<V, T>.MaxColumns;

    /// <summary>Solves the problem if it is one of this kind; whether it is depends on shape and layout alone.</summary>
    public static bool TryRun(in GemmProblem<T> p, TEpilogue epilogue)
    {
        var whole = Partition.Parts(p.M, V.Count) * V.Count; // what is computed: vectors are filled up
        var fits = p.M > 1 && p.M <= MostRows && (p.M <= V.Count || 3 * whole <= 4 * p.M);
        if (!fits || p.BRow != 1 || p.BColumn == 1 || p.K * p.N < FewestElements || p.N < 2 * p.M) return false;
        if (p.Alpha != T.One || p.Beta != T.Zero) return false;

        var panels = Partition.Parts(p.M, Width);
        using var packed = Scratch.Rent<T>(panels * Width * p.K);
        for (nint panel = 0; panel < panels; panel++)
        {
            var row = panel * Width;
            var lanes = (int)Math.Min(Width, p.M - row);
            Packing.Panel(p.A + (row * p.ARow), p.ARow, p.AColumn, lanes, Width, p.K, packed.Pointer + (row * p.K));
        }
        var work = Math.Max(1, p.M * p.K / 32);
        var grain = Math.Max(1, CpuThreadPool.WorthwhileWork / (work * Chunk));
        var job = new TurnedGemm<V, T, TEpilogue> { _problem = p, _epilogue = epilogue, _packed = packed.Pointer };
        CpuThreadPool.For(Partition.Parts(p.N, Chunk), grain, job);
        return true;
    }

    /// <summary>Computes chunks of C's columns.</summary>
    public readonly void Execute(nint begin, nint end)
    {
        var block = stackalloc T[Chunk * Width];
        for (var chunk = begin; chunk < end; chunk++)
        {
            var column = chunk * Chunk;
            var columns = (int)Math.Min(Chunk, _problem.N - column);
            for (nint row = 0; row < _problem.M; row += Width)
            {
                var rows = (int)Math.Min(Width, _problem.M - row);
                Multiply(column, columns, row, rows, block);
                TurnBack(block, columns, rows, _problem.C + (row * _problem.CRow) + column);
            }
            if (TEpilogue.IsNothing) continue;
            _epilogue.Apply<V>(_problem.C + column, _problem.CRow, (int)_problem.M, columns, 0, column);
        }
    }

    // block[column, row] for some columns of C and one panel of its rows.
    private readonly void Multiply(nint column, int columns, nint row, int rows, T* block)
    {
        var tiles = Partition.Parts(columns, TileKernels<V, T>.MaxRows);
        var width = (rows + V.Count - 1) / V.Count * V.Count;
        Tile<T> tile = new()
        {
            K = _problem.K, ARow = _problem.BColumn, AColumn = 1, B = _packed + (row * _problem.K), BRow = Width, CRow = Width,
        };
        for (nint t = 0; t < tiles; t++)
        {
            nint first = Partition.Begin(columns, tiles, t), height = Partition.Begin(columns, tiles, t + 1) - first;
            tile.A = _problem.B + ((column + first) * _problem.BColumn);
            tile.C = block + (first * Width);
            TileKernels<V, T>.Run((int)height, width, ref tile, T.One, T.Zero);
        }
    }

    private readonly void TurnBack(T* block, int columns, int rows, T* c)
    {
        var side = Transposition.Side<T>();
        if (Transposition.IsSupported && columns >= side && rows >= side)
        {
            Transposition.Run(block, Width, columns, rows, c, _problem.CRow);
            return;
        }
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++) c[(i * _problem.CRow) + j] = block[(j * Width) + i];
        }
    }
}
