using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = cos source.</summary>
    public abstract void Cos(Tensor source, Tensor destination);

    /// <summary>-gradient · sin source.</summary>
    public abstract void CosBackward(Tensor source, Tensor gradient, Tensor destination);
}
