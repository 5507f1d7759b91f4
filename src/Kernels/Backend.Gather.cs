using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// destination[i, j, k] = source[i, index[i, j, k], k] for <paramref name="axis"/> 1, and likewise for others. Index (int64 or int32)
    /// and destination have one shape; the source may be larger off the axis. An index beyond the axis throws.
    /// </summary>
    public abstract void Gather(Tensor source, int axis, Tensor index, Tensor destination);
}
