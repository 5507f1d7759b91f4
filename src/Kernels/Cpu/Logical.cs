using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void LogicalNot(Tensor source, Tensor destination) => MapAny(default(LogicalNotOperator), source, destination);

    /// <inheritdoc/>
    public override void LogicalAnd(Tensor left, Tensor right, Tensor destination) =>
        ZipAny(default(LogicalAndOperator), left, right, destination);

    /// <inheritdoc/>
    public override void LogicalOr(Tensor left, Tensor right, Tensor destination) =>
        ZipAny(default(LogicalOrOperator), left, right, destination);

    private readonly struct LogicalNotOperator : IMap, IWholeMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => V.Equal(x, V.Constant(0)) & V.Constant(1);

        long IWholeMap.Invoke(long x) => x == 0 ? 1 : 0;
    }

    private readonly struct LogicalAndOperator : IZip, IWholeZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => ~(V.Equal(x, V.Constant(0)) | V.Equal(y, V.Constant(0))) & V.Constant(1);

        long IWholeZip.Invoke(long x, long y) => x != 0 && y != 0 ? 1 : 0;
    }

    private readonly struct LogicalOrOperator : IZip, IWholeZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => ~(V.Equal(x, V.Constant(0)) & V.Equal(y, V.Constant(0))) & V.Constant(1);

        long IWholeZip.Invoke(long x, long y) => x != 0 || y != 0 ? 1 : 0;
    }
}
