using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = 1 / √source.</summary>
    public abstract void Rsqrt(Tensor source, Tensor destination);

    /// <summary>-gradient · result³ / 2.</summary>
    public abstract void RsqrtBackward(Tensor result, Tensor gradient, Tensor destination);
}
