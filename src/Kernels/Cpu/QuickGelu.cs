using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void QuickGelu(Tensor source, Tensor destination) => Map(default(QuickGeluOperator), source, destination, cost: 4);

    /// <inheritdoc/>
    public override void QuickGeluBackward(Tensor source, Tensor gradient, Tensor destination) =>
        Zip(default(QuickGeluBackwardOperator), source, gradient, destination, cost: 4);

    private readonly struct QuickGeluOperator : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => x * VectorMath.Sigmoid<V, T>(x * V.Constant(1.702));
    }

    // x: source, y: incoming gradient
    private readonly struct QuickGeluBackwardOperator : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y)
        {
            var scaled = x * V.Constant(1.702);
            var s = VectorMath.Sigmoid<V, T>(scaled);
            return y * s * V.MultiplyAdd(scaled, V.Constant(1) - s, V.Constant(1));
        }
    }
}
