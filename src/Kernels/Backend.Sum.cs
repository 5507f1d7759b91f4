using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>Sums over every axis that has size 1 in the destination (which has the source's rank), in a fixed order for any number of threads.</summary>
    public abstract void Sum(Tensor source, Tensor destination);
}
