using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

internal static partial class VectorMath
{
    /// <summary>Hyperbolic tangent; float: at most 1.5 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V, T>(V x) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double)) return Lanes.Map<V, T, TanhFunction>(x);

        V sign = x & V.Constant(-0.0);
        V a = V.Abs(x);

        // Below 0.625 an odd polynomial: the other form would lose what is small in the difference from 1.
        V z = a * a;
        V p = V.MultiplyAdd(z, V.Constant(-0.0057049826718866825), V.Constant(0.02063908241689205));
        p = V.MultiplyAdd(p, z, V.Constant(-0.05373971536755562));
        p = V.MultiplyAdd(p, z, V.Constant(0.13331441581249237));
        p = V.MultiplyAdd(p, z, V.Constant(-0.3333328068256378));
        V small = V.MultiplyAdd(p * z, a, a);

        V one = V.Constant(1);
        V large = one - V.Constant(2) / (Exp<V, T>(a + a) + one);
        return V.Select(V.LessThan(a, V.Constant(0.625)), small, large) | sign;
    }

    private readonly struct TanhFunction : IScalarFunction
    {
        public static double Invoke(double x) => Math.Tanh(x);
    }
}

/// <summary>y = tanh x</summary>
internal readonly struct TanhOperator<T> : IUnaryOperator<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : unmanaged, ISimd<V, T> => VectorMath.Tanh<V, T>(x);
}
