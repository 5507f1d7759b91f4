using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// destination = (x − mean) · rstd · weight + bias for each row of input [rows, n], rstd = 1 / √(variance + eps), the variance divided
    /// by n. All contiguous.
    /// </summary>
    /// <param name="input">[rows, n].</param>
    /// <param name="weight">[n], or <c>default</c> for 1.</param>
    /// <param name="bias">[n], or <c>default</c> for 0.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="destination">[rows, n].</param>
    /// <param name="mean">[rows], for the backward pass; float32 where the input is float16 or bfloat16.</param>
    /// <param name="rstd">[rows], as <paramref name="mean"/>.</param>
    public abstract void LayerNorm(Tensor input, Tensor weight, Tensor bias, double eps, Tensor destination, Tensor mean, Tensor rstd);

    /// <summary>
    /// The gradients of <see cref="LayerNorm"/>, in one pass over its input. All contiguous; results that are <c>default</c> are left out.
    /// </summary>
    /// <param name="gradient">[rows, n], of the forward pass's destination.</param>
    /// <param name="input">As in the forward pass.</param>
    /// <param name="weight">As in the forward pass.</param>
    /// <param name="mean">What the forward pass wrote.</param>
    /// <param name="rstd">What the forward pass wrote.</param>
    /// <param name="inputGradient">[rows, n], overwritten.</param>
    /// <param name="weightGradient">[n], added to, in the same order for any number of threads.</param>
    /// <param name="biasGradient">[n], added to likewise.</param>
    public abstract void LayerNormBackward(
        Tensor gradient, Tensor input, Tensor weight, Tensor mean, Tensor rstd, Tensor inputGradient, Tensor weightGradient,
        Tensor biasGradient);
}
