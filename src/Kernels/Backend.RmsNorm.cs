using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = x · rstd · weight for each row of input [rows, n], rstd = 1 / √(mean of x² + eps). All contiguous.</summary>
    /// <param name="input">[rows, n].</param>
    /// <param name="weight">[n], or <c>default</c> for 1.</param>
    /// <param name="eps">Added to the mean.</param>
    /// <param name="destination">[rows, n].</param>
    /// <param name="rstd">[rows], for the backward pass; float32 where the input is float16 or bfloat16.</param>
    public abstract void RmsNorm(Tensor input, Tensor weight, double eps, Tensor destination, Tensor rstd);

    /// <summary>
    /// The gradients of <see cref="RmsNorm"/>, in one pass: inputGradient [rows, n] is overwritten, weightGradient [n] added to in the same
    /// order for any number of threads. All contiguous; a result that is <c>default</c> is left out.
    /// </summary>
    public abstract void RmsNormBackward(
        Tensor gradient, Tensor input, Tensor weight, Tensor rstd, Tensor inputGradient, Tensor weightGradient);
}
