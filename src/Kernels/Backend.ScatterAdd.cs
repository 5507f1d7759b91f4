using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// destination[i, index[i, j, k], k] += source[i, j, k] for <paramref name="axis"/> 1, and likewise for others, in the order of j for
    /// any number of threads. Index (int64 or int32) and source have one shape; the destination may be larger off the axis. An index beyond
    /// the axis throws.
    /// </summary>
    public abstract void ScatterAdd(Tensor destination, int axis, Tensor index, Tensor source);
}
