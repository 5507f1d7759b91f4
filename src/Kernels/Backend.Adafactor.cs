using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// One Adafactor step of a parameter (https://arxiv.org/abs/1804.04235), as transformers.Adafactor has it: a matrix (or a stack of them,
    /// the last two axes) keeps a mean of squared gradients for each row and each column, anything else for each element. Contiguous
    /// tensors of float32 or float64.
    /// </summary>
    /// <param name="parameter">What is trained.</param>
    /// <param name="gradients">Its gradient, of its shape.</param>
    /// <param name="rows">[…, rows]; <c>default</c> for a parameter of fewer than two axes.</param>
    /// <param name="columns">[…, columns]; <c>default</c> likewise.</param>
    /// <param name="expAvgSq">The mean of squared gradients where it is not factored; else <c>default</c>.</param>
    /// <param name="expAvg">The first moment; <c>default</c> where there is none.</param>
    /// <param name="rms">One element: becomes the parameter's root mean square before the step.</param>
    /// <param name="settings">The numbers of this step.</param>
    public abstract void Adafactor(
        Tensor parameter, in UpdateGradients gradients, Tensor rows, Tensor columns, Tensor expAvgSq, Tensor expAvg, Tensor rms,
        in AdafactorSettings settings);
}
