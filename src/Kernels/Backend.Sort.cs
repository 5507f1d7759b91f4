using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>Each line along the last axis in order, and where its elements were (int64). Equal elements keep their order; a nan is
    /// larger than anything.</summary>
    public abstract void Sort(Tensor source, bool descending, Tensor values, Tensor indices);
}
