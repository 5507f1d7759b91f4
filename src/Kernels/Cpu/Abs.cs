using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Abs(Tensor source, Tensor destination) => MapAny(default(AbsOperator), source, destination);

    /// <inheritdoc/>
    public override void AbsBackward(Tensor source, Tensor gradient, Tensor destination) =>
        Zip(default(AbsBackwardOperator), source, gradient, destination);

    private readonly struct AbsOperator : IMap, IWholeMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => V.Abs(x);

        long IWholeMap.Invoke(long x) => Math.Abs(x);
    }

    // x: source, y: incoming gradient
    private readonly struct AbsBackwardOperator : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y)
        {
            var zero = V.Constant(0);
            return V.Select(V.GreaterThan(x, zero), y, V.Select(V.LessThan(x, zero), -y, zero));
        }
    }
}
