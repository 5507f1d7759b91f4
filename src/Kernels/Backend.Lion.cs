using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// One Lion step over flat buffers (https://arxiv.org/abs/2302.06675): the sign of momentum and gradient interpolated, decay decoupled
    /// and first. All tensors contiguous, of one shape.
    /// </summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="expAvg">The momentum; 0 before the first step.</param>
    /// <param name="settings">The numbers of this step.</param>
    public abstract void Lion(Tensor parameters, in UpdateGradients gradients, Tensor expAvg, in LionSettings settings);
}
