using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

internal static partial class VectorMath
{
    /// <summary>Natural logarithm; float: at most 1 ulp, subnormal arguments included; log 0 = -∞, of negatives NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V, T>(V x) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double)) return Lanes.Map<V, T, LogFunction>(x);

        V tiny = V.LessThan(x, V.Constant(1.17549435e-38));
        V normal = V.Select(tiny, x * V.Constant(33554432), x);

        // x = 2^e (1 + f) with 1 + f from √½ to √2: subtracting the bits of √½ carries into the exponent exactly where f would leave that
        // range.
        V shifted = V.AddBits(normal, V.Bits(-0x3F3504F3));
        V e = ExponentOf<V, T>(shifted) - V.Select(tiny, V.Constant(25), V.Constant(0));
        V f = V.AddBits(shifted & V.Bits(0x007FFFFF), V.Bits(0x3F3504F3)) - V.Constant(1);

        V p = V.MultiplyAdd(f, V.Constant(-0.07634517550468445), V.Constant(0.12761978805065155));
        p = V.MultiplyAdd(p, f, V.Constant(-0.13160359859466553));
        p = V.MultiplyAdd(p, f, V.Constant(0.1420171558856964));
        p = V.MultiplyAdd(p, f, V.Constant(-0.1662333607673645));
        p = V.MultiplyAdd(p, f, V.Constant(0.20001228153705597));
        p = V.MultiplyAdd(p, f, V.Constant(-0.250008225440979));
        p = V.MultiplyAdd(p, f, V.Constant(0.3333333134651184));

        // Small terms first: e·(low part of ln 2) + f³p - f²/2, then f, then e·(high part of ln 2), which is exact.
        V f2 = f * f;
        V low = V.MultiplyAdd(e, V.Constant(3.194618329871446e-05), f2 * f * p);
        low = V.MultiplyAdd(f2, V.Constant(-0.5), low);
        V result = V.MultiplyAdd(e, V.Constant(0.693115234375), f + low);

        result = V.Select(V.Equal(x, V.Constant(0)), V.Constant(double.NegativeInfinity), result);
        result = V.Select(V.Equal(x, V.Constant(double.PositiveInfinity)), x, result);
        return V.Select(V.GreaterThanOrEqual(x, V.Constant(0)), result, V.Constant(double.NaN));
    }

    // The signed number in the exponent's bits (from 23 up), as float: through the bits of 1.5·2^23.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExponentOf<V, T>(V bits) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Shifting in zeros turns negative exponents into 512 + e; adding 256 modulo 512 first and taking it off afterwards restores the
        // sign.
        V biased = V.ShiftRight(V.AddBits(bits, V.Bits(256 << 23)), 23);
        return V.AddBits(biased, V.Constant(12582912)) - V.Constant(12582912 + 256);
    }

    private readonly struct LogFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Log(x);
    }
}

/// <summary>y = ln x</summary>
internal readonly struct LogOperator<T> : IUnaryOperator<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : unmanaged, ISimd<V, T> => VectorMath.Log<V, T>(x);
}
