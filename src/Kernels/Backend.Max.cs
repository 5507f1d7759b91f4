using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// The largest element over every axis that has size 1 in the destination (which has the source's rank and dtype); nan where there is
    /// one.
    /// </summary>
    public abstract void Max(Tensor source, Tensor destination);

    /// <summary>The smallest element; else as <see cref="Max"/>.</summary>
    public abstract void Min(Tensor source, Tensor destination);

    /// <summary>
    /// For each result of <see cref="Max"/> or <see cref="Min"/> over one axis: the first place along it with that value (a nan where the
    /// value is one). Values and indices (int64) have the source's shape with size 1 along the axis.
    /// </summary>
    public abstract void FirstIndex(Tensor source, int axis, Tensor values, Tensor indices);
}
