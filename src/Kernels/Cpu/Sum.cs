using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Sum(Tensor source, Tensor destination)
    {
        switch (PrecisionOf(source, nameof(Sum)))
        {
            case Precision.Single: ReductionLoop.Floating<float, SumReduction<float>>(source, destination); break;
            case Precision.Double: ReductionLoop.Floating<double, SumReduction<double>>(source, destination); break;
            default: ReductionLoop.Whole<WholeSum>(source, destination); break;
        }
    }

    /// <inheritdoc/>
    public override void Mean(Tensor source, Tensor destination)
    {
        var count = (double)source.ElementCount / destination.ElementCount;
        if (IsSingle(source, nameof(Mean))) ReductionLoop.Floating<float, SumReduction<float>>(source, destination, count);
        else ReductionLoop.Floating<double, SumReduction<double>>(source, destination, count);
    }

    private readonly struct WholeSum : IWholeReduction
    {
        public static long Start => 0;

        public static long Merge(long a, long b) => a + b;
    }
}
