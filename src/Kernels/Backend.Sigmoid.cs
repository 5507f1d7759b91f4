using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = 1 / (1 + e^-source).</summary>
    public abstract void Sigmoid(Tensor source, Tensor destination);

    /// <summary>gradient · result · (1 - result).</summary>
    public abstract void SigmoidBackward(Tensor result, Tensor gradient, Tensor destination);
}
