using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// The k largest (or smallest) elements of each line along the last axis, from the outermost inwards, and their places (int64); k is
    /// the last axis of values and indices. Of equal elements the one in front comes first; a nan is larger than anything.
    /// </summary>
    public abstract void TopK(Tensor source, bool largest, Tensor values, Tensor indices);
}
