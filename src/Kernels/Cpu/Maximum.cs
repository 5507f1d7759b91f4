using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Maximum(Tensor left, Tensor right, Tensor destination) =>
        ZipAny(default(MaximumOperator), left, right, destination);

    /// <inheritdoc/>
    public override void MaximumBackward(Tensor own, Tensor other, Tensor gradient, Tensor destination) =>
        Zip3(default(MaximumBackwardOperator), own, other, gradient, destination);

    private readonly struct MaximumOperator : IZip, IWholeZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => V.Max(x, y);

        long IWholeZip.Invoke(long x, long y) => Math.Max(x, y);
    }

    private readonly struct MaximumBackwardOperator : IZip3
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip3.Invoke<V, T>(V x, V y, V z)
        {
            var shared = V.Select(V.Equal(x, y), z * V.Constant(0.5), z);
            return V.Select(V.LessThan(x, y), V.Constant(0), shared);
        }
    }
}
