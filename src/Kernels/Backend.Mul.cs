using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = left · right.</summary>
    public abstract void Mul(Tensor left, Tensor right, Tensor destination);

    /// <summary>destination = source · value.</summary>
    public abstract void MulScalar(Tensor source, double value, Tensor destination);
}
