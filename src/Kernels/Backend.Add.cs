using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = left + alpha · right.</summary>
    public abstract void Add(Tensor left, Tensor right, Tensor destination, double alpha = 1);

    /// <summary>destination = source + value.</summary>
    public abstract void AddScalar(Tensor source, double value, Tensor destination);
}
