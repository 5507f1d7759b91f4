using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

internal static partial class VectorMath
{
    /// <summary>1 / (1 + e^-x); float: at most 3 ulp (3e-7 relative) on both sides, without overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V, T>(V x) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // With e = e^-|x| <= 1 both sides are exact to rounding: 1/(1+e) for positive x, e/(1+e) for negative.
        V e = Exp<V, T>(-V.Abs(x));
        V one = V.Constant(1);
        return V.Select(V.LessThan(x, V.Constant(0)), e, one) / (one + e);
    }
}

/// <summary>y = 1 / (1 + e^-x)</summary>
internal readonly struct SigmoidOperator<T> : IUnaryOperator<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x) where V : unmanaged, ISimd<V, T> => VectorMath.Sigmoid<V, T>(x);
}
