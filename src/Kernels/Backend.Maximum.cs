using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = the larger of the two; nan if either is.</summary>
    public abstract void Maximum(Tensor left, Tensor right, Tensor destination);

    /// <summary>The gradient of one side: all where its own value is the larger, half where both are equal, else 0.</summary>
    public abstract void MaximumBackward(Tensor own, Tensor other, Tensor gradient, Tensor destination);
}
