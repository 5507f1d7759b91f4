using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// One AdamW step over flat buffers in one pass (https://arxiv.org/abs/1711.05101), with the arithmetic of PyTorch, transformers or
    /// bitsandbytes to the rounding; bias corrections in float64. All tensors contiguous, of one shape; what is kept is rounded to the
    /// buffer's own dtype.
    /// </summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="expAvg">The first moment; 0 before the first step.</param>
    /// <param name="expAvgSq">The second moment; 0 before the first step.</param>
    /// <param name="settings">The numbers of this step.</param>
    /// <param name="maxExpAvgSq">For AMSGrad: the largest second moment so far; else <c>default</c>.</param>
    public abstract void AdamW(
        Tensor parameters, in UpdateGradients gradients, Tensor expAvg, Tensor expAvgSq, in AdamWSettings settings,
        Tensor maxExpAvgSq = default);
}
