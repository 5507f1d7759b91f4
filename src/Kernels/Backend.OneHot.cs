using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination [..., classes] (int64, contiguous) = 1 at the class that index [...] (int64 or int32, contiguous) names, else
    /// 0. One beyond the classes throws.</summary>
    public abstract void OneHot(Tensor index, Tensor destination);

    /// <summary>The largest and the smallest of whole numbers (int64 or int32, contiguous, at least one). Waits for the device.</summary>
    public abstract (long Smallest, long Largest) Extent(Tensor numbers);
}
