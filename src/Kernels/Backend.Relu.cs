using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = the larger of source and 0.</summary>
    public abstract void Relu(Tensor source, Tensor destination);

    /// <summary>gradient where the result is above 0, else 0.</summary>
    public abstract void ReluBackward(Tensor result, Tensor gradient, Tensor destination);
}
