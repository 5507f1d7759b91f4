using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// One StableAdamW step of a parameter (https://arxiv.org/abs/2304.13013, algorithm 2): AdamW with the start at 0 corrected in the
    /// moments' decay, and the learning rate lowered where the gradients outgrow the second moment, as Adafactor's clipping does: divided by
    /// the root mean square of g / √v if that is above 1. float32 or float64, contiguous, of one shape.
    /// </summary>
    /// <param name="parameter">What is trained.</param>
    /// <param name="gradients">Its gradient.</param>
    /// <param name="expAvg">The first moment; 0 before the first step.</param>
    /// <param name="expAvgSq">The second moment; 0 before the first step.</param>
    /// <param name="settings">The numbers of this step.</param>
    public abstract void StableAdamW(
        Tensor parameter, in UpdateGradients gradients, Tensor expAvg, Tensor expAvgSq, in StableAdamWSettings settings);
}
