using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Transposes blocks in registers: four steps of 16, 8 or 4 lanes (float), two steps of two lanes (double). A step is what becomes a row; whole
/// blocks move over the matrix, and the last ones go back far enough to be whole, writing some elements twice.
/// </summary>
internal static unsafe class Transposition
{
    /// <summary>Lanes and steps of the smallest block; less than this no block fits.</summary>
    public static int Side<T>() where T : unmanaged => Vector128<T>.Count;

    /// <summary>Whether this machine has the instructions.</summary>
    public static bool IsSupported => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>to[step·toStride + lane] = from[lane·stride + step], at least <see cref="Side"/> lanes and steps.</summary>
    public static void Run<T>(T* from, nint stride, int lanes, int steps, T* to, nint toStride) where T : unmanaged
    {
        for (int lane = 0; lane < lanes;)
        {
            int block = BlockFor<T>(lanes - lane), at = Math.Min(lane, lanes - block);
            for (int step = 0; step < steps; step += Side<T>())
            {
                int first = Math.Min(step, steps - Side<T>());
                T* source = from + at * stride + first, target = to + first * toStride + at;
                if (typeof(T) == typeof(double)) Two((double*)source, stride, (double*)target, toStride);
                else if (block == 16) Sixteen((float*)source, stride, (float*)target, toStride);
                else if (block == 8) Eight((float*)source, stride, (float*)target, toStride);
                else Four((float*)source, stride, (float*)target, toStride);
            }

            lane = at + block;
        }
    }

    private static int BlockFor<T>(int lanes) where T : unmanaged
    {
        if (typeof(T) == typeof(double)) return 2;
        return Avx512F.IsSupported && lanes >= 16 ? 16 : Avx.IsSupported && lanes >= 8 ? 8 : 4;
    }

    // Each quarter of a vector takes its own four lanes through the same steps; interleaving twice then gives rows with the lanes in order.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sixteen(float* from, nint stride, float* to, nint toStride)
    {
        Vector512<float> a = Quarters(from, 4 * stride), b = Quarters(from + stride, 4 * stride);
        Vector512<float> c = Quarters(from + 2 * stride, 4 * stride), d = Quarters(from + 3 * stride, 4 * stride);
        Vector512<double> ab = Avx512F.UnpackLow(a, b).AsDouble(), cd = Avx512F.UnpackLow(c, d).AsDouble();
        Avx512F.UnpackLow(ab, cd).AsSingle().Store(to);
        Avx512F.UnpackHigh(ab, cd).AsSingle().Store(to + toStride);
        ab = Avx512F.UnpackHigh(a, b).AsDouble();
        cd = Avx512F.UnpackHigh(c, d).AsDouble();
        Avx512F.UnpackLow(ab, cd).AsSingle().Store(to + 2 * toStride);
        Avx512F.UnpackHigh(ab, cd).AsSingle().Store(to + 3 * toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* from, nint stride, float* to, nint toStride)
    {
        Vector256<float> a = Halves(from, 4 * stride), b = Halves(from + stride, 4 * stride);
        Vector256<float> c = Halves(from + 2 * stride, 4 * stride), d = Halves(from + 3 * stride, 4 * stride);
        Vector256<double> ab = Avx.UnpackLow(a, b).AsDouble(), cd = Avx.UnpackLow(c, d).AsDouble();
        Avx.UnpackLow(ab, cd).AsSingle().Store(to);
        Avx.UnpackHigh(ab, cd).AsSingle().Store(to + toStride);
        ab = Avx.UnpackHigh(a, b).AsDouble();
        cd = Avx.UnpackHigh(c, d).AsDouble();
        Avx.UnpackLow(ab, cd).AsSingle().Store(to + 2 * toStride);
        Avx.UnpackHigh(ab, cd).AsSingle().Store(to + 3 * toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* from, nint stride, float* to, nint toStride)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + stride);
        Vector128<float> c = Vector128.Load(from + 2 * stride), d = Vector128.Load(from + 3 * stride);
        Vector128<double> ab = Low(a, b), cd = Low(c, d);
        Low(ab, cd).AsSingle().Store(to);
        High(ab, cd).AsSingle().Store(to + toStride);
        ab = High(a, b);
        cd = High(c, d);
        Low(ab, cd).AsSingle().Store(to + 2 * toStride);
        High(ab, cd).AsSingle().Store(to + 3 * toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(double* from, nint stride, double* to, nint toStride)
    {
        Vector128<double> a = Vector128.Load(from), b = Vector128.Load(from + stride);
        Low(a, b).Store(to);
        High(a, b).Store(to + toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters(float* at, nint stride) => Vector512.Create(Halves(at, stride), Halves(at + 2 * stride, stride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(float* at, nint stride) => Vector256.Create(Vector128.Load(at), Vector128.Load(at + stride));

    // Lower (upper) halves of two vectors, interleaved; pairs of floats come as doubles, because the next step moves them as one.
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
}
