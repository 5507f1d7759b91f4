using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Minimum(Tensor left, Tensor right, Tensor destination) =>
        ZipAny(default(MinimumOperator), left, right, destination);

    /// <inheritdoc/>
    public override void MinimumBackward(Tensor own, Tensor other, Tensor gradient, Tensor destination) =>
        Zip3(default(MinimumBackwardOperator), own, other, gradient, destination);

    private readonly struct MinimumOperator : IZip, IWholeZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y) => V.Min(x, y);

        long IWholeZip.Invoke(long x, long y) => Math.Min(x, y);
    }

    private readonly struct MinimumBackwardOperator : IZip3
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip3.Invoke<V, T>(V x, V y, V z)
        {
            var shared = V.Select(V.Equal(x, y), z * V.Constant(0.5), z);
            return V.Select(V.GreaterThan(x, y), V.Constant(0), shared);
        }
    }
}
