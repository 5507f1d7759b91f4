using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// One Adagrad step over flat buffers (https://jmlr.org/papers/v12/duchi11a.html), as torch.optim.Adagrad has it: decay coupled, epsilon
    /// outside the root. All tensors contiguous, of one shape.
    /// </summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="sum">The squared gradients of all steps, added up.</param>
    /// <param name="settings">The numbers of this step.</param>
    public abstract void Adagrad(Tensor parameters, in UpdateGradients gradients, Tensor sum, in AdagradSettings settings);
}
