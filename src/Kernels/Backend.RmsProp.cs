using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// One RMSprop step over flat buffers (Tieleman and Hinton, 2012; centred: https://arxiv.org/abs/1308.0850), as torch.optim.RMSprop has
    /// it: decay coupled, epsilon outside the root. All tensors contiguous, of one shape.
    /// </summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="squareAvg">The mean of squared gradients; 0 before the first step.</param>
    /// <param name="gradAvg">The mean of gradients, whose square is taken away: the centred form; else <c>default</c>.</param>
    /// <param name="momentum">The momentum; <c>default</c> where there is none.</param>
    /// <param name="settings">The numbers of this step.</param>
    public abstract void RmsProp(
        Tensor parameters, in UpdateGradients gradients, Tensor squareAvg, Tensor gradAvg, Tensor momentum, in RmsPropSettings settings);
}
