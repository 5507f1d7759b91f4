using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = source · sigmoid(source).</summary>
    public abstract void Silu(Tensor source, Tensor destination);

    /// <summary>gradient · s · (1 + source · (1 - s)) with s = sigmoid(source).</summary>
    public abstract void SiluBackward(Tensor source, Tensor gradient, Tensor destination);
}
