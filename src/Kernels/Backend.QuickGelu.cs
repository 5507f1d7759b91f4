using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = source · sigmoid(1.702 source).</summary>
    public abstract void QuickGelu(Tensor source, Tensor destination);

    /// <summary>gradient · s · (1 + 1.702 source · (1 - s)) with s = sigmoid(1.702 source).</summary>
    public abstract void QuickGeluBackward(Tensor source, Tensor gradient, Tensor destination);
}
