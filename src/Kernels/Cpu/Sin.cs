using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Sin(Tensor source, Tensor destination) => Map(default(SinOperator), source, destination, cost: 4);

    /// <inheritdoc/>
    public override void SinBackward(Tensor source, Tensor gradient, Tensor destination) =>
        Zip(default(SinBackwardOperator), source, gradient, destination, cost: 4);

    private readonly struct SinOperator : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => VectorMath.Sin<V, T>(x);
    }

    // x: source, y: incoming gradient
    private readonly struct SinBackwardOperator : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => y * VectorMath.Cos<V, T>(x);
    }
}
