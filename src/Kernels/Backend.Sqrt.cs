using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = √source.</summary>
    public abstract void Sqrt(Tensor source, Tensor destination);

    /// <summary>gradient / (2 · result).</summary>
    public abstract void SqrtBackward(Tensor result, Tensor gradient, Tensor destination);
}
