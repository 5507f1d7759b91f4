using System.Numerics;
using System.Runtime.InteropServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// The tile kernels of one vector width, chosen by the tile's size: the last rows of a matrix get a kernel of their own and not a slow
/// path.
/// </summary>
internal static unsafe class TileKernels<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Most rows of a tile: 24 accumulators of 32 registers, or 12 of 16.</summary>
    public static int MaxRows => V.Registers >= 32 ? 12 : 6;

    /// <summary>Most columns of a tile.</summary>
    public static int MaxColumns => 2 * V.Count;

    // What sums begin with where C is overwritten.
    private static readonly T* Zeros = AllocateZeros();

    /// <summary>
    /// C = alpha·A·B + beta·C for the tile's <paramref name="rows"/> rows and <paramref name="columns"/> columns. B's rows must be readable
    /// up to whole vectors; only C's own elements are written, and with beta 0 they do not count before. Ignores the tile's Start.
    /// </summary>
    public static void Run(int rows, int columns, ref Tile<T> tile, T alpha, T beta)
    {
        bool overwrite = beta == T.Zero;
        if (columns % V.Count != 0 || alpha != T.One || (!overwrite && beta != T.One))
        {
            RunBuffered(rows, columns, tile, alpha, beta);
            return;
        }

        tile.Start = overwrite ? Zeros : tile.C;
        tile.StartRow = overwrite ? 0 : tile.CRow;
        Run(rows, columns, tile);
    }

    private static void Run(int rows, int columns, in Tile<T> tile)
    {
        if (columns > V.Count) Run<Rows2>(rows, tile);
        else Run<Rows1>(rows, tile);
    }

    private static void Run<TVectors>(int rows, in Tile<T> tile) where TVectors : ITileRows
    {
        switch (rows)
        {
            case 1: TileKernel<V, T, Rows1, TVectors>.Run(tile); break;
            case 2: TileKernel<V, T, Rows2, TVectors>.Run(tile); break;
            case 3: TileKernel<V, T, Rows3, TVectors>.Run(tile); break;
            case 4: TileKernel<V, T, Rows4, TVectors>.Run(tile); break;
            case 5: TileKernel<V, T, Rows5, TVectors>.Run(tile); break;
            case 6: TileKernel<V, T, Rows6, TVectors>.Run(tile); break;
            case 7: TileKernel<V, T, Rows7, TVectors>.Run(tile); break;
            case 8: TileKernel<V, T, Rows8, TVectors>.Run(tile); break;
            case 9: TileKernel<V, T, Rows9, TVectors>.Run(tile); break;
            case 10: TileKernel<V, T, Rows10, TVectors>.Run(tile); break;
            case 11: TileKernel<V, T, Rows11, TVectors>.Run(tile); break;
            default: TileKernel<V, T, Rows12, TVectors>.Run(tile); break;
        }
    }

    // Whole vectors go to a buffer; what belongs to C is carried over with its factors.
    private static void RunBuffered(int rows, int columns, in Tile<T> tile, T alpha, T beta)
    {
        T* buffer = stackalloc T[MaxRows * MaxColumns];
        Run(rows, columns, tile with { Start = Zeros, StartRow = 0, C = buffer, CRow = MaxColumns });
        bool overwrite = beta == T.Zero;
        V scale = V.Broadcast(alpha), keep = V.Broadcast(beta);
        for (int i = 0; i < rows; i++)
        {
            T* from = buffer + i * MaxColumns, to = tile.C + i * tile.CRow;
            for (int j = 0; j < columns; j += V.Count)
            {
                int count = Math.Min(V.Count, columns - j);
                V value = V.Load(from + j) * scale;
                if (!overwrite) value = V.MultiplyAdd(V.LoadPartial(to + j, count, value), keep, value);
                value.StorePartial(to + j, count);
            }
        }
    }

    private static T* AllocateZeros()
    {
        nuint bytes = (nuint)(MaxColumns * sizeof(T));
        void* zeros = NativeMemory.AlignedAlloc(bytes, Scratch.Alignment);
        NativeMemory.Clear(zeros, bytes);
        return (T*)zeros;
    }
}
