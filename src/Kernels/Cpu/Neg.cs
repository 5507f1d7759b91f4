using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Neg(Tensor source, Tensor destination) => MapAny(default(NegOperator), source, destination);

    private readonly struct NegOperator : IMap, IWholeMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => -x;

        long IWholeMap.Invoke(long x) => -x;
    }
}
