using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// One step of torchdistx's AnyPrecisionAdamW over flat buffers: AdamW whose states may be bfloat16 beside float32 parameters, each
    /// operation rounded to its buffer's dtype, and what rounding takes from the parameters kept for the next step (Kahan summation, as in
    /// https://arxiv.org/abs/2010.06192). Bias corrections are float32. All tensors contiguous, of one shape, float32 or bfloat16.
    /// </summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="expAvg">The first moment; 0 before the first step.</param>
    /// <param name="expAvgSq">The second moment; 0 before the first step.</param>
    /// <param name="compensation">What rounding took from the parameters; <c>default</c> for no compensation.</param>
    /// <param name="settings">The numbers of this step.</param>
    public abstract void AnyPrecisionAdamW(
        Tensor parameters, in UpdateGradients gradients, Tensor expAvg, Tensor expAvgSq, Tensor compensation,
        in AnyPrecisionAdamWSettings settings);
}
