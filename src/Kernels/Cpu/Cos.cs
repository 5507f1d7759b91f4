using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Cos(Tensor source, Tensor destination) => Map(default(CosOperator), source, destination, cost: 4);

    /// <inheritdoc/>
    public override void CosBackward(Tensor source, Tensor gradient, Tensor destination) =>
        Zip(default(CosBackwardOperator), source, gradient, destination, cost: 4);

    private readonly struct CosOperator : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => VectorMath.Cos<V, T>(x);
    }

    // x: source, y: incoming gradient
    private readonly struct CosBackwardOperator : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => -y * VectorMath.Sin<V, T>(x);
    }
}
