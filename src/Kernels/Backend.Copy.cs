using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// Copies elements, converting the dtype where the two differ (floats to whole numbers truncate, anything to bool asks whether it is
    /// not 0).
    /// </summary>
    public abstract void Copy(Tensor source, Tensor destination);
}
