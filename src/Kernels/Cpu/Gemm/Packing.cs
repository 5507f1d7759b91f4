using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

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
        else Gather(source, laneStride, kStride, 0, lanes, width, k, panel);

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
    /// <remarks>
    /// Blocks of four lanes by four steps (two by two for double) pass through registers, in slabs of a few steps so that what is written
    /// stays near.
    /// </remarks>
    public static void Transpose<T>(T* source, nint laneStride, int lanes, nint width, nint k, T* panel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int slab = 16;
        int side = Vector128<T>.Count, whole = Sse2.IsSupported || AdvSimd.Arm64.IsSupported ? lanes / side * side : 0;
        nint done = 0;
        for (; done <= k - slab; done += slab)
        {
            for (int lane = 0; lane < whole; lane += side)
            {
                T* from = source + lane * laneStride + done, to = panel + done * width + lane;
                for (int p = 0; p < slab; p += side, from += side, to += side * width)
                {
                    if (typeof(T) == typeof(float)) Transpose4((float*)from, laneStride, (float*)to, width);
                    else Transpose2((double*)from, laneStride, (double*)to, width);
                }
            }

            Gather(source + done, laneStride, 1, whole, lanes, width, slab, panel + done * width);
        }

        Gather(source + done, laneStride, 1, 0, lanes, width, k - done, panel + done * width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4(float* from, nint stride, float* to, nint width)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + stride);
        Vector128<float> c = Vector128.Load(from + 2 * stride), d = Vector128.Load(from + 3 * stride);
        Vector128<double> ab = Low(a, b), cd = Low(c, d), abHigh = High(a, b), cdHigh = High(c, d);
        Low(ab, cd).AsSingle().Store(to);
        High(ab, cd).AsSingle().Store(to + width);
        Low(abHigh, cdHigh).AsSingle().Store(to + 2 * width);
        High(abHigh, cdHigh).AsSingle().Store(to + 3 * width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose2(double* from, nint stride, double* to, nint width)
    {
        Vector128<double> a = Vector128.Load(from), b = Vector128.Load(from + stride);
        Low(a, b).Store(to);
        High(a, b).Store(to + width);
    }

    // Lower (upper) halves of two vectors, interleaved. The pairs of floats come as doubles: the next step moves them as one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Low(Vector128<float> a, Vector128<float> b) =>
        (Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b)).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> High(Vector128<float> a, Vector128<float> b) =>
        (Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b)).AsDouble();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Low(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> High(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    private static void Gather<T>(T* source, nint laneStride, nint kStride, int firstLane, int lanes, nint width, nint k, T* panel)
        where T : unmanaged
    {
        for (nint p = 0; p < k; p++)
            for (int lane = firstLane; lane < lanes; lane++) panel[p * width + lane] = source[lane * laneStride + p * kStride];
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
