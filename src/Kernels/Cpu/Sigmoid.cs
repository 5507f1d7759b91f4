using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Sigmoid(Tensor source, Tensor destination) => Map(default(SigmoidOperator), source, destination, cost: 4);

    /// <inheritdoc/>
    public override void SigmoidBackward(Tensor result, Tensor gradient, Tensor destination) =>
        Zip(default(SigmoidBackwardOperator), result, gradient, destination);

    private readonly struct SigmoidOperator : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => VectorMath.Sigmoid<V, T>(x);
    }

    // x: result, y: incoming gradient
    private readonly struct SigmoidBackwardOperator : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => y * x * (V.Constant(1) - x);
    }
}
