using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = -source.</summary>
    public abstract void Neg(Tensor source, Tensor destination);
}
