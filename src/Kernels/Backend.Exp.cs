using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = e^source.</summary>
    public abstract void Exp(Tensor source, Tensor destination);
}
