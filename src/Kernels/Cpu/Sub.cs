using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Sub(Tensor left, Tensor right, Tensor destination, double alpha = 1)
    {
        if (alpha == 1) ZipAny(default(SubOperator), left, right, destination);
        else Add(left, right, destination, -alpha);
    }

    /// <inheritdoc/>
    public override void ScalarSub(double value, Tensor source, Tensor destination) =>
        MapAny(new ScalarSubOperator(value), source, destination);

    private readonly struct SubOperator : IZip, IWholeZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => x - y;

        long IWholeZip.Invoke(long x, long y) => x - y;
    }

    private readonly struct ScalarSubOperator(double value) : IMap, IWholeMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => V.Constant(value) - x;

        long IWholeMap.Invoke(long x) => (long)value - x;
    }
}
