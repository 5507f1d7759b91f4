using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Exp(Tensor source, Tensor destination) => Map(default(ExpOperator), source, destination, cost: 3);

    private readonly struct ExpOperator : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => VectorMath.Exp<V, T>(x);
    }
}
