using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = ln source.</summary>
    public abstract void Log(Tensor source, Tensor destination);
}
