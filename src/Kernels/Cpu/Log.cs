using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Log(Tensor source, Tensor destination) => Map(default(LogOperator), source, destination, cost: 3);

    private readonly struct LogOperator : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => VectorMath.Log<V, T>(x);
    }
}
