using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// Sums over every axis that has size 1 in the destination (which has the source's rank), in a fixed order for any number of threads.
    /// The sum of nothing is 0.
    /// </summary>
    public abstract void Sum(Tensor source, Tensor destination);

    /// <summary>As <see cref="Sum"/>, divided by the count; floating point only. The mean of nothing is nan.</summary>
    public abstract void Mean(Tensor source, Tensor destination);
}
