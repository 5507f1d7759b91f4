using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination[i] = start + i · step for a contiguous vector; whole numbers are worked out as such, all else in
    /// double.</summary>
    public abstract void Arange(Tensor destination, double start, double step);
}
