using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Gelu(Tensor source, Tensor destination) => Map(default(GeluOperator), source, destination, cost: 6);

    /// <inheritdoc/>
    public override void GeluBackward(Tensor source, Tensor gradient, Tensor destination) =>
        Zip(default(GeluBackwardOperator), source, gradient, destination, cost: 9);

    private readonly struct GeluOperator : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => x * V.Constant(0.5) * (V.Constant(1) + VectorMath.Erf<V, T>(x * V.Constant(0.70710678118654752)));
    }

    // x: source, y: incoming gradient
    private readonly struct GeluBackwardOperator : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y)
        {
            var cumulative = V.Constant(0.5) * (V.Constant(1) + VectorMath.Erf<V, T>(x * V.Constant(0.70710678118654752)));
            var density = V.Constant(0.39894228040143268) * VectorMath.Exp<V, T>(x * x * V.Constant(-0.5));
            return y * V.MultiplyAdd(x, density, cumulative);
        }
    }
}
