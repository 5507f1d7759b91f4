using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// One AdamW step over flat buffers in one pass (https://arxiv.org/abs/1711.05101), with the arithmetic of PyTorch or transformers to
    /// the rounding: moments and parameters in the buffers' dtype, bias corrections in float64. All tensors contiguous, of one shape and
    /// dtype; all but the gradients are changed.
    /// </summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="expAvg">The first moment; 0 before the first step.</param>
    /// <param name="expAvgSq">The second moment; 0 before the first step.</param>
    /// <param name="settings">The numbers of this step.</param>
    /// <param name="maxExpAvgSq">For AMSGrad: the largest second moment so far; else <c>default</c>.</param>
    /// <param name="gradientScale">
    /// One element of the same dtype that gradients are multiplied with (clipping), read on the device; <c>default</c> for 1.
    /// </param>
    /// <param name="zeroGradients">Set the gradients to 0 on the way.</param>
    public abstract void AdamW(
        Tensor parameters, Tensor gradients, Tensor expAvg, Tensor expAvgSq, in AdamWSettings settings,
        Tensor maxExpAvgSq = default, Tensor gradientScale = default, bool zeroGradients = false);
}
