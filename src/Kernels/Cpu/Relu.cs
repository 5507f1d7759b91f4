using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Relu(Tensor source, Tensor destination) => MapAny(default(ReluOperator), source, destination);

    /// <inheritdoc/>
    public override void ReluBackward(Tensor result, Tensor gradient, Tensor destination) =>
        Zip(default(ReluBackwardOperator), result, gradient, destination);

    private readonly struct ReluOperator : IMap, IWholeMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => V.Max(x, V.Constant(0));

        long IWholeMap.Invoke(long x) => Math.Max(x, 0);
    }

    // x: result, y: incoming gradient
    private readonly struct ReluBackwardOperator : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => V.Select(V.LessThanOrEqual(x, V.Constant(0)), V.Constant(0), y);
    }
}
