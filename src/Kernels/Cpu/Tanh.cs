using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Tanh(Tensor source, Tensor destination) => Map(default(TanhOperator), source, destination, cost: 4);

    /// <inheritdoc/>
    public override void TanhBackward(Tensor result, Tensor gradient, Tensor destination) =>
        Zip(default(TanhBackwardOperator), result, gradient, destination);

    private readonly struct TanhOperator : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => VectorMath.Tanh<V, T>(x);
    }

    // x: result, y: incoming gradient
    private readonly struct TanhBackwardOperator : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => y * (V.Constant(1) - (x * x));
    }
}
