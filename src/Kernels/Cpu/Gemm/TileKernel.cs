using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>One tile of a product: up to twelve rows by one or two vectors, C = Start + A·B, and where its operands lie.</summary>
internal unsafe struct Tile<T> where T : unmanaged
{
    /// <summary>Length of the sum.</summary>
    public nint K;

    /// <summary>Elements of A, in place or packed: the kernel takes any strides.</summary>
    public T* A;
    public nint ARow, AColumn;

    /// <summary>Rows of B of the tile's width, in place or packed.</summary>
    public T* B;
    public nint BRow;

    /// <summary>What the sums begin with; a row of zeros with stride 0, or C itself.</summary>
    public T* Start;
    public nint StartRow;

    public T* C;
    public nint CRow;
}

/// <summary>
/// The innermost kernel: a tile whose sums all live in registers. With 512 bits, 12 rows × 2 vectors use 24 of 32 registers and one step of
/// K costs 24 multiply-adds for 14 loads: arithmetic, not memory, is the limit.
/// </summary>
/// <remarks>
/// The sum of an element runs over K in order whatever the tile's shape, so that neighbours, fringes and threads do not change its bits.
/// There is no branch around the loop, and nothing else to keep: with either, the register allocator moves sums to memory inside the loop.
/// </remarks>
internal static unsafe class TileKernel<V, T, TRows, TVectors>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRows : ITileRows
    where TVectors : ITileRows
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in Tile<T> tile)
    {
        bool two = TVectors.Count > 1;
        T* start = tile.Start;
        nint startRow = tile.StartRow;
        V c0L = default, c0R = default, c1L = default, c1R = default, c2L = default, c2R = default, c3L = default, c3R = default;
        V c4L = default, c4R = default, c5L = default, c5R = default, c6L = default, c6R = default, c7L = default, c7R = default;
        V c8L = default, c8R = default, c9L = default, c9R = default, c10L = default, c10R = default, c11L = default, c11R = default;
        { c0L = V.Load(start + 0 * startRow); if (two) c0R = V.Load(start + 0 * startRow + V.Count); }
        if (TRows.Count > 1) { c1L = V.Load(start + 1 * startRow); if (two) c1R = V.Load(start + 1 * startRow + V.Count); }
        if (TRows.Count > 2) { c2L = V.Load(start + 2 * startRow); if (two) c2R = V.Load(start + 2 * startRow + V.Count); }
        if (TRows.Count > 3) { c3L = V.Load(start + 3 * startRow); if (two) c3R = V.Load(start + 3 * startRow + V.Count); }
        if (TRows.Count > 4) { c4L = V.Load(start + 4 * startRow); if (two) c4R = V.Load(start + 4 * startRow + V.Count); }
        if (TRows.Count > 5) { c5L = V.Load(start + 5 * startRow); if (two) c5R = V.Load(start + 5 * startRow + V.Count); }
        if (TRows.Count > 6) { c6L = V.Load(start + 6 * startRow); if (two) c6R = V.Load(start + 6 * startRow + V.Count); }
        if (TRows.Count > 7) { c7L = V.Load(start + 7 * startRow); if (two) c7R = V.Load(start + 7 * startRow + V.Count); }
        if (TRows.Count > 8) { c8L = V.Load(start + 8 * startRow); if (two) c8R = V.Load(start + 8 * startRow + V.Count); }
        if (TRows.Count > 9) { c9L = V.Load(start + 9 * startRow); if (two) c9R = V.Load(start + 9 * startRow + V.Count); }
        if (TRows.Count > 10) { c10L = V.Load(start + 10 * startRow); if (two) c10R = V.Load(start + 10 * startRow + V.Count); }
        if (TRows.Count > 11) { c11L = V.Load(start + 11 * startRow); if (two) c11R = V.Load(start + 11 * startRow + V.Count); }

        nint aRow = tile.ARow, aColumn = tile.AColumn, bRow = tile.BRow;
        T* a = tile.A, a3 = a + 3 * aRow, a6 = a + 6 * aRow, a9 = a + 9 * aRow, b = tile.B;
        for (nint k = tile.K; k > 0; k--)
        {
            V l = V.Load(b), r = two ? V.Load(b + V.Count) : default;
            { V x = V.Broadcast(*a); c0L = Fma(x, l, c0L); if (two) c0R = Fma(x, r, c0R); }
            if (TRows.Count > 1) { V x = V.Broadcast(a[aRow]); c1L = Fma(x, l, c1L); if (two) c1R = Fma(x, r, c1R); }
            if (TRows.Count > 2) { V x = V.Broadcast(a[2 * aRow]); c2L = Fma(x, l, c2L); if (two) c2R = Fma(x, r, c2R); }
            if (TRows.Count > 3) { V x = V.Broadcast(*a3); c3L = Fma(x, l, c3L); if (two) c3R = Fma(x, r, c3R); }
            if (TRows.Count > 4) { V x = V.Broadcast(a3[aRow]); c4L = Fma(x, l, c4L); if (two) c4R = Fma(x, r, c4R); }
            if (TRows.Count > 5) { V x = V.Broadcast(a3[2 * aRow]); c5L = Fma(x, l, c5L); if (two) c5R = Fma(x, r, c5R); }
            if (TRows.Count > 6) { V x = V.Broadcast(*a6); c6L = Fma(x, l, c6L); if (two) c6R = Fma(x, r, c6R); }
            if (TRows.Count > 7) { V x = V.Broadcast(a6[aRow]); c7L = Fma(x, l, c7L); if (two) c7R = Fma(x, r, c7R); }
            if (TRows.Count > 8) { V x = V.Broadcast(a6[2 * aRow]); c8L = Fma(x, l, c8L); if (two) c8R = Fma(x, r, c8R); }
            if (TRows.Count > 9) { V x = V.Broadcast(*a9); c9L = Fma(x, l, c9L); if (two) c9R = Fma(x, r, c9R); }
            if (TRows.Count > 10) { V x = V.Broadcast(a9[aRow]); c10L = Fma(x, l, c10L); if (two) c10R = Fma(x, r, c10R); }
            if (TRows.Count > 11) { V x = V.Broadcast(a9[2 * aRow]); c11L = Fma(x, l, c11L); if (two) c11R = Fma(x, r, c11R); }
            a += aColumn;
            a3 += aColumn;
            a6 += aColumn;
            a9 += aColumn;
            b += bRow;
        }

        T* c = tile.C;
        nint cRow = tile.CRow;
        { c0L.Store(c + 0 * cRow); if (two) c0R.Store(c + 0 * cRow + V.Count); }
        if (TRows.Count > 1) { c1L.Store(c + 1 * cRow); if (two) c1R.Store(c + 1 * cRow + V.Count); }
        if (TRows.Count > 2) { c2L.Store(c + 2 * cRow); if (two) c2R.Store(c + 2 * cRow + V.Count); }
        if (TRows.Count > 3) { c3L.Store(c + 3 * cRow); if (two) c3R.Store(c + 3 * cRow + V.Count); }
        if (TRows.Count > 4) { c4L.Store(c + 4 * cRow); if (two) c4R.Store(c + 4 * cRow + V.Count); }
        if (TRows.Count > 5) { c5L.Store(c + 5 * cRow); if (two) c5R.Store(c + 5 * cRow + V.Count); }
        if (TRows.Count > 6) { c6L.Store(c + 6 * cRow); if (two) c6R.Store(c + 6 * cRow + V.Count); }
        if (TRows.Count > 7) { c7L.Store(c + 7 * cRow); if (two) c7R.Store(c + 7 * cRow + V.Count); }
        if (TRows.Count > 8) { c8L.Store(c + 8 * cRow); if (two) c8R.Store(c + 8 * cRow + V.Count); }
        if (TRows.Count > 9) { c9L.Store(c + 9 * cRow); if (two) c9R.Store(c + 9 * cRow + V.Count); }
        if (TRows.Count > 10) { c10L.Store(c + 10 * cRow); if (two) c10R.Store(c + 10 * cRow + V.Count); }
        if (TRows.Count > 11) { c11L.Store(c + 11 * cRow); if (two) c11R.Store(c + 11 * cRow + V.Count); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Fma(V a, V b, V c) => V.MultiplyAdd(a, b, c);
}
