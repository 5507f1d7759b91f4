using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

internal static partial class VectorMath
{
    /// <summary>Error function; float: at most 3 ulp (3e-7 relative); double: about 1e-15 relative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V, T>(V x) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double)) return Lanes.Map<V, T, ErfFunction>(x);

        V sign = x & V.Constant(-0.0);
        V a = V.Abs(x);

        V z = a * a;
        V p = V.MultiplyAdd(z, V.Constant(7.853860006434843e-05), V.Constant(-0.0008010193123482168));
        p = V.MultiplyAdd(p, z, V.Constant(0.005188327748328447));
        p = V.MultiplyAdd(p, z, V.Constant(-0.026853812858462334));
        p = V.MultiplyAdd(p, z, V.Constant(0.1128358542919159));
        p = V.MultiplyAdd(p, z, V.Constant(-0.3761262595653534));
        p = V.MultiplyAdd(p, z, V.Constant(1.1283791065216064));
        V small = p * a;

        // From 1 on, 1 - e^q(x) with q = ln erfc; at 4 the exponential is below half an ulp of 1 already. NaN passes as in Exp.
        V b = V.MinNative(V.Constant(4), a);
        V q = V.MultiplyAdd(b, V.Constant(0.00018639113113749772), V.Constant(-0.0029477805364876986));
        q = V.MultiplyAdd(q, b, V.Constant(0.02183857373893261));
        q = V.MultiplyAdd(q, b, V.Constant(-0.10310786217451096));
        q = V.MultiplyAdd(q, b, V.Constant(-0.6381434798240662));
        q = V.MultiplyAdd(q, b, V.Constant(-1.1270899772644043));
        q = V.MultiplyAdd(q, b, V.Constant(-0.00034131179563701153));
        V large = V.Constant(1) - Exp<V, T>(q);
        return V.Select(V.LessThan(a, V.Constant(1)), small, large) | sign;
    }

    /// <summary>Error function of one double.</summary>
    public static double Erf(double x)
    {
        double a = Math.Abs(x);
        if (double.IsNaN(x)) return x;
        return Math.CopySign(a < 2.5 ? ErfSeries(a) : a < 6 ? 1 - ErfcFraction(a) : 1, x);
    }

    // erf x = 2/√π e^(-x²) Σ 2^n x^(2n+1) / (2n+1)!!: all terms positive, nothing cancels (Abramowitz and Stegun 7.1.6).
    private static double ErfSeries(double x)
    {
        double term = x, sum = x;
        for (int n = 1; term > sum * 1e-17; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    // erfc x = e^(-x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))), from the inside out (Abramowitz and Stegun 7.1.14).
    private static double ErfcFraction(double x)
    {
        double tail = x;
        for (int n = 60; n > 0; n--) tail = x + 0.5 * n / tail;
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * tail);
    }

    private readonly struct ErfFunction : IScalarFunction
    {
        public static double Invoke(double x) => Erf(x);
    }
}

/// <summary>y = erf x</summary>
internal readonly struct ErfOperator<T> : IUnaryOperator<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : unmanaged, ISimd<V, T> => VectorMath.Erf<V, T>(x);
}
