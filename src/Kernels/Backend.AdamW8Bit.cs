using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// One AdamW step of a parameter whose moments are kept in 8 bits, as bitsandbytes' block-wise kernel makes it
    /// (https://arxiv.org/abs/2110.02861): moments decoded, updated in float32, used unrounded, encoded again. A first moment's code keeps
    /// its sign. float32, contiguous, of one shape.
    /// </summary>
    /// <param name="parameter">What is trained.</param>
    /// <param name="gradients">Its gradient.</param>
    /// <param name="expAvg">The first moment, in codes of the signed map.</param>
    /// <param name="expAvgSq">The second moment, in codes of the unsigned map; its blocks are the first's.</param>
    /// <param name="settings">The numbers of this step.</param>
    public abstract void AdamW8Bit(
        Tensor parameter, in UpdateGradients gradients, QuantizedState expAvg, QuantizedState expAvgSq, in AdamWSettings settings);
}
