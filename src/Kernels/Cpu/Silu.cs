using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Silu(Tensor source, Tensor destination) => Map(default(SiluOperator), source, destination, cost: 4);

    /// <inheritdoc/>
    public override void SiluBackward(Tensor source, Tensor gradient, Tensor destination) =>
        Zip(default(SiluBackwardOperator), source, gradient, destination, cost: 4);

    private readonly struct SiluOperator : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => x * VectorMath.Sigmoid<V, T>(x);
    }

    // x: source, y: incoming gradient
    private readonly struct SiluBackwardOperator : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y)
        {
            var s = VectorMath.Sigmoid<V, T>(x);
            return y * s * V.MultiplyAdd(x, V.Constant(1) - s, V.Constant(1));
        }
    }
}
