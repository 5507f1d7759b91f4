using System.Runtime.CompilerServices;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Clamp(Tensor source, double min, double max, Tensor destination) =>
        MapAny(new ClampOperator(min, max), source, destination);

    /// <inheritdoc/>
    public override void ClampBackward(Tensor source, Tensor gradient, double min, double max, Tensor destination) =>
        Zip(new ClampBackwardOperator(min, max), source, gradient, destination);

    private readonly struct ClampOperator(double min, double max) : IMap, IWholeMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IMap.Invoke<V, T>(V x) => V.Min(V.Max(x, V.Constant(min)), V.Constant(max));

        long IWholeMap.Invoke(long x) => x > max ? (long)max : x < min ? (long)Math.Min(min, max) : x;
    }

    // x: source, y: incoming gradient
    private readonly struct ClampBackwardOperator(double min, double max) : IZip
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        V IZip.Invoke<V, T>(V x, V y)
        {
            var between = V.GreaterThanOrEqual(x, V.Constant(min)) & V.LessThanOrEqual(x, V.Constant(max));
            return V.Select(between, y, V.Constant(0));
        }
    }
}
