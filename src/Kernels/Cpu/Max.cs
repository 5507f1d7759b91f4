using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Max(Tensor source, Tensor destination)
    {
        switch (PrecisionOf(source, nameof(Max)))
        {
            case Precision.Single: ReductionLoop.Floating<float, MaxReduction<float>>(source, destination); break;
            case Precision.Double: ReductionLoop.Floating<double, MaxReduction<double>>(source, destination); break;
            default: ReductionLoop.Whole<WholeMax>(source, destination); break;
        }
    }

    /// <inheritdoc/>
    public override void Min(Tensor source, Tensor destination)
    {
        switch (PrecisionOf(source, nameof(Min)))
        {
            case Precision.Single: ReductionLoop.Floating<float, MinReduction<float>>(source, destination); break;
            case Precision.Double: ReductionLoop.Floating<double, MinReduction<double>>(source, destination); break;
            default: ReductionLoop.Whole<WholeMin>(source, destination); break;
        }
    }

    /// <inheritdoc/>
    public override void FirstIndex(Tensor source, int axis, Tensor values, Tensor indices)
    {
        switch (PrecisionOf(source, nameof(FirstIndex)))
        {
            case Precision.Single: FirstIndexLoop.Run<float>(source, axis, values, indices); break;
            case Precision.Double: FirstIndexLoop.Run<double>(source, axis, values, indices); break;
            default: FirstIndexLoop.Run<long>(source, axis, values, indices); break;
        }
    }

    private readonly struct WholeMax : IWholeReduction
    {
        public static long Start => long.MinValue;

        public static long Merge(long a, long b) => Math.Max(a, b);
    }

    private readonly struct WholeMin : IWholeReduction
    {
        public static long Start => long.MaxValue;

        public static long Merge(long a, long b) => Math.Min(a, b);
    }
}
