using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = sin source.</summary>
    public abstract void Sin(Tensor source, Tensor destination);

    /// <summary>gradient · cos source.</summary>
    public abstract void SinBackward(Tensor source, Tensor gradient, Tensor destination);
}
