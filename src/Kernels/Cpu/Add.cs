using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Add(Tensor left, Tensor right, Tensor destination, double alpha = 1)
    {
        if (alpha == 1) ZipAny(default(AddOperator), left, right, destination);
        else ZipAny(new AddScaledOperator(alpha), left, right, destination);
    }

    /// <inheritdoc/>
    public override void AddScalar(Tensor source, double value, Tensor destination) =>
        MapAny(new AddScalarOperator(value), source, destination);

    private readonly struct AddOperator : IZip, IWholeZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => x + y;

        long IWholeZip.Invoke(long x, long y) => x + y;
    }

    private readonly struct AddScaledOperator(double alpha) : IZip, IWholeZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => V.MultiplyAdd(V.Constant(alpha), y, x);

        long IWholeZip.Invoke(long x, long y) => x + ((long)alpha * y);
    }

    private readonly struct AddScalarOperator(double value) : IMap, IWholeMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => x + V.Constant(value);

        long IWholeMap.Invoke(long x) => x + (long)value;
    }
}
