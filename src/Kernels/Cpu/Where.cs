using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Where(Tensor condition, Tensor left, Tensor right, Tensor destination) =>
        Zip3Any(default(WhereOperator), left, right, condition, destination);

    private readonly struct WhereOperator : IZip3, IWholeZip3
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip3.Invoke<V, T>(V x, V y, V z) => V.Select(V.Equal(z, V.Constant(0)), y, x);

        long IWholeZip3.Invoke(long x, long y, long z) => z == 0 ? y : x;
    }
}
