using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Sqrt(Tensor source, Tensor destination) => Map(default(SqrtOperator), source, destination, cost: 2);

    /// <inheritdoc/>
    public override void SqrtBackward(Tensor result, Tensor gradient, Tensor destination) =>
        Zip(default(SqrtBackwardOperator), result, gradient, destination, cost: 2);

    private readonly struct SqrtOperator : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => V.Sqrt(x);
    }

    // x: result, y: incoming gradient
    private readonly struct SqrtBackwardOperator : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => y / (x + x);
    }
}
