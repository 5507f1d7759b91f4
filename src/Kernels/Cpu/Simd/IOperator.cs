using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// An elementwise operation of one input. An operation is a struct of a few lines; <see cref="Elementwise"/> has the loops.
/// </summary>
internal interface IUnaryOperator<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    V Invoke<V>(V x) where V : unmanaged, ISimd<V, T>;
}

/// <summary>An elementwise operation of two inputs.</summary>
internal interface IBinaryOperator<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    V Invoke<V>(V x, V y) where V : unmanaged, ISimd<V, T>;
}

/// <summary>An elementwise operation of three inputs.</summary>
internal interface ITernaryOperator<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    V Invoke<V>(V x, V y, V z) where V : unmanaged, ISimd<V, T>;
}

/// <summary>A reduction: accumulators of vectors that take in elements, are merged, and fold into one number.</summary>
internal interface IReduction<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>An accumulator that has seen nothing; also the result for no elements.</summary>
    V Start<V>() where V : unmanaged, ISimd<V, T>;

    /// <summary>An element that changes nothing, to fill up the last vector with.</summary>
    V Neutral<V>() where V : unmanaged, ISimd<V, T>;

    /// <summary>Takes <paramref name="x"/> in.</summary>
    V Accumulate<V>(V accumulator, V x) where V : unmanaged, ISimd<V, T>;

    /// <summary>Two accumulators in one.</summary>
    V Merge<V>(V a, V b) where V : unmanaged, ISimd<V, T>;

    /// <summary>The lanes of an accumulator in one number.</summary>
    T Fold<V>(V accumulator) where V : unmanaged, ISimd<V, T>;
}
