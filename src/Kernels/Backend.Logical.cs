using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination (bool) = source is 0.</summary>
    public abstract void LogicalNot(Tensor source, Tensor destination);

    /// <summary>destination (bool) = neither is 0.</summary>
    public abstract void LogicalAnd(Tensor left, Tensor right, Tensor destination);

    /// <summary>destination (bool) = not both are 0.</summary>
    public abstract void LogicalOr(Tensor left, Tensor right, Tensor destination);
}
