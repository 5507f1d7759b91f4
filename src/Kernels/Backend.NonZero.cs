using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>How many elements of a mask (bool) are true. Waits for the device.</summary>
    public abstract long CountTrue(Tensor mask);

    /// <summary>The places of a mask's true elements in row-major order: coordinates [rank, count], int64, contiguous.</summary>
    public abstract void NonZero(Tensor mask, Tensor coordinates);
}
