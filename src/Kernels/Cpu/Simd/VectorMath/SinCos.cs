using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

internal static partial class VectorMath
{
    // Up to here the quarter turns have 13 bits and their products with the parts of π/2 are exact.
    private const double LargestFastAngle = 12000;

    /// <summary>Sine; float: at most 2.5 ulp (3e-7 relative) for every finite x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin<V, T>(V x) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(double) || AnyLargeAngle<V, T>(x)
            ? Lanes.Map<V, T, SinFunction>(x)
            : SinOfQuarterTurns<V, T>(x, 0) ^ (x & V.Constant(-0.0));

    /// <summary>Cosine; float: at most 2.5 ulp (3e-7 relative) for every finite x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos<V, T>(V x) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(double) || AnyLargeAngle<V, T>(x) ? Lanes.Map<V, T, CosFunction>(x) : SinOfQuarterTurns<V, T>(x, 1);

    // True for NaN and infinities too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AnyLargeAngle<V, T>(V x) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        V.Any(~V.LessThanOrEqual(V.Abs(x), V.Constant(LargestFastAngle)));

    // sin(|x| + turns·π/2) for float
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinOfQuarterTurns<V, T>(V x, int turns)
        where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // |x| = n π/2 + r, |r| <= π/4, with π/2 in four parts (9, 11, 11 and 24 bits).
        V a = V.Abs(x);
        V n = V.Round(a * V.Constant(0.6366197723675814));
        V r = V.MultiplyAdd(n, V.Constant(-1.5703125), a);
        r = V.MultiplyAdd(n, V.Constant(-0.0004837512969970703), r);
        r = V.MultiplyAdd(n, V.Constant(-7.549533620476723e-08), r);
        r = V.MultiplyAdd(n, V.Constant(-2.5633440682570896e-12), r);
        V z = r * r;

        V s = V.MultiplyAdd(z, V.Constant(2.718046516747563e-06), V.Constant(-0.0001983930415008217));
        s = V.MultiplyAdd(s, z, V.Constant(0.008333329111337662));
        s = V.MultiplyAdd(s, z, V.Constant(-0.1666666716337204));
        V sine = V.MultiplyAdd(s * z, r, r);

        V c = V.MultiplyAdd(z, V.Constant(2.443241282890085e-05), V.Constant(-0.0013887309469282627));
        c = V.MultiplyAdd(c, z, V.Constant(0.04166664555668831));
        V cosine = V.MultiplyAdd(c * z, z, V.MultiplyAdd(z, V.Constant(-0.5), V.Constant(1)));

        // The lowest two bits of the number of quarters choose the function and the sign.
        V shift = V.Constant(12582912);
        V quarter = V.AddBits(n + shift, V.Bits(turns));
        V even = V.Equal((quarter & V.Bits(1)) | shift, shift);
        V sign = V.ShiftLeft(quarter, 30) & V.Constant(-0.0);
        return V.Select(even, sine, cosine) ^ sign;
    }

    private readonly struct SinFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Sin(x);
    }

    private readonly struct CosFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Cos(x);
    }
}

/// <summary>y = sin x</summary>
internal readonly struct SinOperator<T> : IUnaryOperator<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : unmanaged, ISimd<V, T> => VectorMath.Sin<V, T>(x);
}

/// <summary>y = cos x</summary>
internal readonly struct CosOperator<T> : IUnaryOperator<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : unmanaged, ISimd<V, T> => VectorMath.Cos<V, T>(x);
}
