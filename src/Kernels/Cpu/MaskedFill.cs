using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void MaskedFill(Tensor source, Tensor mask, double value, Tensor destination) =>
        ZipAny(new MaskedFillOperator(value), source, mask, destination);

    private readonly struct MaskedFillOperator(double value) : IZip, IWholeZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => V.Select(V.Equal(y, V.Constant(0)), x, V.Constant(value));

        long IWholeZip.Invoke(long x, long y) => y == 0 ? x : (long)value;
    }
}
