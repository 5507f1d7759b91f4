using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Arange(Tensor destination, double start, double step)
    {
        var dtype = destination.DType;
        var address = (byte*)destination.Address;
        var whole = PrecisionOf(destination, nameof(Arange)) == Precision.Whole && start == Math.Truncate(start) && step == Math.Truncate(step);
        for (nint i = 0; i < (nint)destination.ElementCount; i++)
        {
            if (whole)
            {
                var number = (long)start + (i * (long)step);
                Conversion.Store(&number, dtype, address + (i * dtype.ByteSize), 1);
            }
            else
            {
                var number = start + (i * step);
                Conversion.Store(&number, dtype, address + (i * dtype.ByteSize), 1);
            }
        }
    }
}
