using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Mul(Tensor left, Tensor right, Tensor destination) => ZipAny(default(MulOperator), left, right, destination);

    /// <inheritdoc/>
    public override void MulScalar(Tensor source, double value, Tensor destination) =>
        MapAny(new MulScalarOperator(value), source, destination);

    private readonly struct MulOperator : IZip, IWholeZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => x * y;

        long IWholeZip.Invoke(long x, long y) => x * y;
    }

    private readonly struct MulScalarOperator(double value) : IMap, IWholeMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => x * V.Constant(value);

        long IWholeMap.Invoke(long x) => x * (long)value;
    }
}
