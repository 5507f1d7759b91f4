using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = source · Φ(source), Φ the normal distribution's cumulative function, by way of erf.</summary>
    public abstract void Gelu(Tensor source, Tensor destination);

    /// <summary>gradient · (Φ(source) + source · φ(source)).</summary>
    public abstract void GeluBackward(Tensor source, Tensor gradient, Tensor destination);
}
