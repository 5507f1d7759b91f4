using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = value where the bool mask holds, else source.</summary>
    public abstract void MaskedFill(Tensor source, Tensor mask, double value, Tensor destination);
}
