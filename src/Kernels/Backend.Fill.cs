using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>Sets every element to a value, converted to the dtype.</summary>
    public abstract void Fill(Tensor destination, double value);
}
