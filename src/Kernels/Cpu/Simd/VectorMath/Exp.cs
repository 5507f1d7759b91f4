using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Transcendental functions of vectors, for use inside kernels. float: own polynomials (minimax fits), error bound stated at each; double:
/// the system's scalar functions lane by lane, full precision, made for checks rather than speed. NaN, infinities and range ends as in IEEE
/// 754.
/// </summary>
internal static partial class VectorMath
{
    /// <summary>e^x; float: at most 1 ulp, subnormal results included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V, T>(V x) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double)) return Lanes.Map<V, T, ExpFunction>(x);

        // Beyond these bounds the result is 0 or infinity anyway. Of a NaN and a number, x86 takes the second and Arm the NaN: it passes
        // through.
        x = V.MinNative(V.Constant(89), V.MaxNative(V.Constant(-104), x));

        // x = n ln 2 + r, |r| <= ln 2 / 2. The first part of ln 2 has 12 bits, so that its product with n is exact.
        V n = V.Round(x * V.Constant(1.442695041));
        V r = V.MultiplyAdd(n, V.Constant(-0.693115234375), x);
        r = V.MultiplyAdd(n, V.Constant(-3.194618329871446e-05), r);

        V q = V.MultiplyAdd(r, V.Constant(0.0013814601115882397), V.Constant(0.008368716575205326));
        q = V.MultiplyAdd(q, r, V.Constant(0.04166838899254799));
        q = V.MultiplyAdd(q, r, V.Constant(0.1666652113199234));
        q = V.MultiplyAdd(q, r, V.Constant(0.4999999403953552));
        V p = V.MultiplyAdd(q, r * r, r) + V.Constant(1);
        return V.ScaleByPowerOfTwo(p, n);
    }

    private readonly struct ExpFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Exp(x);
    }
}

/// <summary>y = e^x</summary>
internal readonly struct ExpOperator<T> : IUnaryOperator<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : unmanaged, ISimd<V, T> => VectorMath.Exp<V, T>(x);
}
