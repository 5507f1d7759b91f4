namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Copies where source and destination are contiguous along different axes: small tiles are turned in a core's first cache, so that each
/// line of memory is read and written once, whatever the steps.
/// </summary>
internal static unsafe class TransposeLoop
{
    private const int Tile = 16;

    /// <summary>Whether a copy (destination, source) of <paramref name="size"/>-byte elements is of that kind.</summary>
    public static bool Fits(LoopPlan* plan, int size)
    {
        if (plan->Rank < 2 || plan->Count == 0) return false;
        var axis = plan->Rank - 2;
        return plan->RowStep(0) == size && plan->Step(1, axis) == size && plan->RowStep(1) != 0 && plan->RowLength > 1;
    }

    public static void Run(LoopPlan* plan, int size)
    {
        var strips = (plan->Size(plan->Rank - 2) + Tile - 1) / Tile;
        var count = (nint)(plan->Count / (plan->RowLength * plan->Size(plan->Rank - 2)) * strips);
        var grain = CpuThreadPool.GrainFor(Tile * plan->RowLength);
        switch (size)
        {
            case 1: CpuThreadPool.For(count, grain, &Strips<byte>, plan); break;
            case 2: CpuThreadPool.For(count, grain, &Strips<ushort>, plan); break;
            case 4: CpuThreadPool.For(count, grain, &Strips<uint>, plan); break;
            default: CpuThreadPool.For(count, grain, &Strips<ulong>, plan); break;
        }
    }

    // A strip is up to 16 rows of the destination.
    private static void Strips<T>(void* context, nint begin, nint end)
        where T : unmanaged
    {
        var plan = (LoopPlan*)context;
        var axis = plan->Rank - 2;
        var strips = (plan->Size(axis) + Tile - 1) / Tile;
        var tile = stackalloc T[Tile * Tile];
        for (var item = begin; item < end; item++)
        {
            var (matrix, strip) = Math.DivRem((long)item, strips);
            var rows = (int)Math.Min(plan->Size(axis) - (strip * Tile), Tile);
            var cursor = new LoopCursor(plan, ((matrix * plan->Size(axis)) + (strip * Tile)) * plan->RowLength);
            for (nint column = 0; column < plan->RowLength; column += Tile)
            {
                var columns = (int)Math.Min(plan->RowLength - column, Tile);
                Read(cursor.Address(1) + (column * plan->RowStep(1)), plan->RowStep(1), columns, rows, tile);
                for (var row = 0; row < rows; row++)
                {
                    var to = cursor.Address(0) + (row * plan->Step(0, axis)) + (column * sizeof(T));
                    new ReadOnlySpan<T>(tile + (row * Tile), columns).CopyTo(new Span<T>(to, columns));
                }
            }
        }
    }

    // tile[row][column], from lines of rows.
    private static void Read<T>(byte* source, nint step, int columns, int rows, T* tile)
        where T : unmanaged
    {
        for (var column = 0; column < columns; column++)
        {
            var line = (T*)(source + (column * step));
            if (rows == Tile)
            {
                for (var row = 0; row < Tile; row++) tile[(row * Tile) + column] = line[row];
            }
            else
            {
                for (var row = 0; row < rows; row++) tile[(row * Tile) + column] = line[row];
            }
        }
    }
}
