using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = |source|.</summary>
    public abstract void Abs(Tensor source, Tensor destination);

    /// <summary>gradient · sign(source); 0 at 0 and at nan.</summary>
    public abstract void AbsBackward(Tensor source, Tensor gradient, Tensor destination);
}
