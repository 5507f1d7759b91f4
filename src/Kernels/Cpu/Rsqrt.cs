using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Rsqrt(Tensor source, Tensor destination) => Map(default(RsqrtOperator), source, destination, cost: 3);

    /// <inheritdoc/>
    public override void RsqrtBackward(Tensor result, Tensor gradient, Tensor destination) =>
        Zip(default(RsqrtBackwardOperator), result, gradient, destination);

    private readonly struct RsqrtOperator : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => V.Constant(1) / V.Sqrt(x);
    }

    // x: result, y: incoming gradient
    private readonly struct RsqrtBackwardOperator : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => V.Constant(-0.5) * y * x * x * x;
    }
}
