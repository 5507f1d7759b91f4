using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// One AdEMAMix step over flat buffers (https://arxiv.org/abs/2409.03137): AdamW with a second, slow moment of gradients, which is not
    /// corrected for its start at 0. All tensors contiguous, of one shape.
    /// </summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="fast">The fast first moment; 0 before the first step.</param>
    /// <param name="slow">The slow first moment; 0 before the first step.</param>
    /// <param name="expAvgSq">The second moment; 0 before the first step.</param>
    /// <param name="settings">The numbers of this step.</param>
    public abstract void AdEMAMix(
        Tensor parameters, in UpdateGradients gradients, Tensor fast, Tensor slow, Tensor expAvgSq, in AdEMAMixSettings settings);

    /// <summary>The same of a parameter whose moments are kept in 8 bits, see <see cref="AdamW8Bit"/>.</summary>
    public abstract void AdEMAMix8Bit(
        Tensor parameter, in UpdateGradients gradients, QuantizedState fast, QuantizedState slow, QuantizedState expAvgSq,
        in AdEMAMixSettings settings);
}
