using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// One step of stochastic gradient descent over flat buffers, as torch.optim.SGD has it: decay coupled, momentum with dampening and
    /// Nesterov's look ahead. All tensors contiguous, of one shape.
    /// </summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="momentum">The momentum; <c>default</c> where there is none.</param>
    /// <param name="settings">The numbers of this step.</param>
    public abstract void Sgd(Tensor parameters, in UpdateGradients gradients, Tensor momentum, in SgdSettings settings);
}
