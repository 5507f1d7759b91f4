using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>Copies strips of matrices into panels: the order in which a tile kernel reads them, one step of K after another.</summary>
internal static unsafe class Packing
{
    /// <summary>
    /// panel[k·width + lane] = source[lane·laneStride + k·kStride] for <paramref name="lanes"/> lanes (rows of A or columns of B), and 0
    /// for lanes from there to <paramref name="width"/>.
    /// </summary>
    public static void Panel<T>(T* source, nint laneStride, nint kStride, int lanes, int width, nint k, T* panel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (laneStride == 1) CopyRows(source, kStride, lanes, width, k, panel);
        else if (kStride == 1) Transpose(source, laneStride, lanes, width, k, panel);
        else Gather(source, laneStride, kStride, lanes, width, k, panel);

        if (lanes == width) return;
        for (nint p = 0; p < k; p++) new Span<T>(panel + p * width + lanes, width - lanes).Clear();
    }

    private static void CopyRows<T>(T* source, nint kStride, int lanes, int width, nint k, T* panel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowCopy<T> copy = new() { Source = source, Stride = kStride, Lanes = lanes, Width = width, K = k, Panel = panel };
        Simd.Run<T, RowCopy<T>>(ref copy);
    }

    /// <summary>
    /// panel[k·width + lane] = source[lane·laneStride + k]; what lies between <paramref name="lanes"/> and <paramref name="width"/> is left
    /// alone.
    /// </summary>
    /// <remarks>In slabs of a few steps of k, so that what is written stays near while all lanes pass.</remarks>
    public static void Transpose<T>(T* source, nint laneStride, int lanes, nint width, nint k, T* panel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int slab = 16;
        int side = Transposition.Side<T>();
        if (!Transposition.IsSupported || lanes < side || k < side)
        {
            Gather(source, laneStride, 1, lanes, width, k, panel);
            return;
        }

        for (nint p = 0; p < k; p += slab)
        {
            nint first = Math.Min(p, k - side);
            Transposition.Run(source + first, laneStride, lanes, (int)Math.Min(slab, k - first), panel + first * width, width);
        }
    }

    private static void Gather<T>(T* source, nint laneStride, nint kStride, int lanes, nint width, nint k, T* panel)
        where T : unmanaged
    {
        for (nint p = 0; p < k; p++)
            for (int lane = 0; lane < lanes; lane++) panel[p * width + lane] = source[lane * laneStride + p * kStride];
    }

    private struct RowCopy<T> : ISimdKernel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* Source, Panel;
        public nint Stride, K;
        public int Lanes, Width;

        public readonly void Run<V>() where V : unmanaged, ISimd<V, T>
        {
            T* from = Source, to = Panel;
            int lanes = Lanes, whole = lanes / V.Count * V.Count, rest = lanes - whole;
            for (nint p = K; p > 0; p--, from += Stride, to += Width)
            {
                for (int i = 0; i < whole; i += V.Count) V.Load(from + i).Store(to + i);
                if (rest > 0) V.LoadPartial(from + whole, rest, default).StorePartial(to + whole, rest);
            }
        }
    }
}
