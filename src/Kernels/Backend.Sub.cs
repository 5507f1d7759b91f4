using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = left - alpha · right.</summary>
    public abstract void Sub(Tensor left, Tensor right, Tensor destination, double alpha = 1);

    /// <summary>destination = value - source.</summary>
    public abstract void ScalarSub(double value, Tensor source, Tensor destination);
}
