using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>A product of operands that lie in the caches already, as inside attention: register tiles, no packing, no threads.</summary>
internal static unsafe class SmallProduct<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// C = A·B + beta·C, A [m×k] with any strides, B [k×n] and C [m×n] with unit column stride. B's rows must be readable up to whole
    /// vectors.
    /// </summary>
    public static void Run(nint m, nint n, nint k, T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, T beta)
    {
        int width = TileKernels<V, T>.MaxColumns;
        nint tiles = Partition.Parts(m, TileKernels<V, T>.MaxRows);
        Tile<T> tile = new() { K = k, ARow = aRow, AColumn = aColumn, BRow = bRow, CRow = cRow };
        for (nint column = 0; column < n; column += width)
        {
            int columns = (int)Math.Min(width, n - column);
            tile.B = b + column;
            for (nint t = 0; t < tiles; t++)
            {
                nint row = Partition.Begin(m, tiles, t), end = Partition.Begin(m, tiles, t + 1);
                tile.A = a + row * aRow;
                tile.C = c + row * cRow + column;
                TileKernels<V, T>.Run((int)(end - row), columns, ref tile, T.One, beta);
            }
        }
    }
}
