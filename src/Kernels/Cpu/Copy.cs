using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Copy(Tensor source, Tensor destination)
    {
        if (source.DType != destination.DType)
        {
            PrecisionOf(source, nameof(Copy)); // float8 is copied as it is, not converted
            PrecisionOf(destination, nameof(Copy));
        }
        CopyLoop.Run(source, destination);
    }
}
