using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = left where the bool condition holds, else right.</summary>
    public abstract void Where(Tensor condition, Tensor left, Tensor right, Tensor destination);
}
