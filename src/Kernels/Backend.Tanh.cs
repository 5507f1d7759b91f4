using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = tanh source.</summary>
    public abstract void Tanh(Tensor source, Tensor destination);

    /// <summary>gradient · (1 - result²).</summary>
    public abstract void TanhBackward(Tensor result, Tensor gradient, Tensor destination);
}
