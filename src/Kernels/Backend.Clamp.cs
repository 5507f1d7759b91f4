using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = source, at least min and at most max (which wins where they cross); nan stays.</summary>
    public abstract void Clamp(Tensor source, double min, double max, Tensor destination);

    /// <summary>gradient where min ≤ source ≤ max, else 0.</summary>
    public abstract void ClampBackward(Tensor source, Tensor gradient, double min, double max, Tensor destination);
}
