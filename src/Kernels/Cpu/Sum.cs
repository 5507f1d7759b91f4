using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Sum(Tensor source, Tensor destination)
    {
        switch (PrecisionOf(source, nameof(Sum)))
        {
            case Precision.Single: ReductionLoop.Run<float, SimdReducer<float, SumReduction<float>>>(default, source, destination); break;
            case Precision.Double: ReductionLoop.Run<double, SimdReducer<double, SumReduction<double>>>(default, source, destination); break;
            default: ReductionLoop.Run<long, WholeReducer<WholeSum>>(default, source, destination); break;
        }
    }

    /// <inheritdoc/>
    public override void Mean(Tensor source, Tensor destination)
    {
        var count = (double)source.ElementCount / destination.ElementCount;
        if (FloatingPrecisionOf(source, nameof(Mean)) == Precision.Single)
        {
            ReductionLoop.Run<float, SimdReducer<float, SumReduction<float>>>(default, source, destination, count);
        }
        else
        {
            ReductionLoop.Run<double, SimdReducer<double, SumReduction<double>>>(default, source, destination, count);
        }
    }

    private readonly struct WholeSum : IWholeReduction
    {
        public static long Start => 0;

        public static long Merge(long a, long b) => a + b;
    }
}
