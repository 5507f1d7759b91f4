using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// Each element plus all before it along an axis, or all after it if <paramref name="reverse"/>. The sums of floating point numbers are
    /// kept in float64.
    /// </summary>
    public abstract void Cumsum(Tensor source, int axis, bool reverse, Tensor destination);
}
