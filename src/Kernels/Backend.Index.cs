using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// destination[p, ...] = source[indices[0][p], indices[1][p], ..., ...]: places named by one index tensor (int64 or int32) for each of
    /// the source's first axes. The indices have one shape, which stands in front of the source's other axes in the destination. Negative
    /// indices count from the end; one beyond its axis throws.
    /// </summary>
    public abstract void Index(Tensor source, ReadOnlySpan<Tensor> indices, Tensor destination);

    /// <summary>destination[indices[0][p], indices[1][p], ..., ...] += source[p, ...] under the same rules, in the order of p for any
    /// number of threads.</summary>
    public abstract void IndexAdd(Tensor destination, ReadOnlySpan<Tensor> indices, Tensor source);
}
