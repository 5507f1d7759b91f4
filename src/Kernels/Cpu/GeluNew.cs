using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void GeluNew(Tensor source, Tensor destination) => Map(default(GeluNewOperator), source, destination, cost: 5);

    /// <inheritdoc/>
    public override void GeluNewBackward(Tensor source, Tensor gradient, Tensor destination) =>
        Zip(default(GeluNewBackwardOperator), source, gradient, destination, cost: 6);

    private readonly struct GeluNewOperator : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x)
        {
            var inner = V.Constant(0.79788456080286536) * V.MultiplyAdd(x * x * V.Constant(0.044715), x, x);
            return x * V.Constant(0.5) * (V.Constant(1) + VectorMath.Tanh<V, T>(inner));
        }
    }

    // x: source, y: incoming gradient
    private readonly struct GeluNewBackwardOperator : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y)
        {
            var square = x * x;
            var inner = V.Constant(0.79788456080286536) * V.MultiplyAdd(square * V.Constant(0.044715), x, x);
            var slope = V.Constant(0.79788456080286536) * V.MultiplyAdd(square, V.Constant(3 * 0.044715), V.Constant(1));
            var one = V.Constant(1);
            var t = VectorMath.Tanh<V, T>(inner);
            return y * V.Constant(0.5) * V.MultiplyAdd(x * (one - (t * t)), slope, one + t);
        }
    }
}
