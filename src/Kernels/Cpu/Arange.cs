using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Arange(Tensor destination, double start, double step)
    {
        const int piece = 256;
        var dtype = destination.DType;
        var address = (byte*)destination.Address;
        var count = (nint)destination.ElementCount;
        var whole = PrecisionOf(destination, nameof(Arange)) == Precision.Whole
            && start == Math.Truncate(start) && step == Math.Truncate(step);
        long* numbers = stackalloc long[piece];
        for (nint i = 0; i < count; i += piece)
        {
            var length = Math.Min(count - i, piece);
            if (whole)
            {
                for (nint j = 0; j < length; j++) numbers[j] = (long)start + ((i + j) * (long)step);
                Conversion.Store(numbers, dtype, address + (i * dtype.ByteSize), length);
            }
            else
            {
                for (nint j = 0; j < length; j++) ((double*)numbers)[j] = start + ((i + j) * step);
                Conversion.Store((double*)numbers, dtype, address + (i * dtype.ByteSize), length);
            }
        }
    }
}
