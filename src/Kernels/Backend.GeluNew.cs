using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = source / 2 · (1 + tanh(√(2/π) (source + 0.044715 source³))): GPT-2's approximation of gelu.</summary>
    public abstract void GeluNew(Tensor source, Tensor destination);

    /// <summary>gradient times the derivative of <see cref="GeluNew"/> at source, in one pass.</summary>
    public abstract void GeluNewBackward(Tensor source, Tensor gradient, Tensor destination);
}
