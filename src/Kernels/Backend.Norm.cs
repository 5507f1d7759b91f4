using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// Σ |x|^power, or max |x| where power is ∞, of a contiguous tensor: written to one float64 element whatever the source's dtype, so
    /// that squares neither overflow nor lose digits, or with <paramref name="accumulate"/> added to it (the larger kept). The same bits
    /// for any number of threads.
    /// </summary>
    public abstract void PowerSum(Tensor source, double power, Tensor destination, bool accumulate = false);

    /// <summary>
    /// From a sum of powers to clipping, in <c>clip_grad_norm_</c>'s arithmetic: norm = powerSum^(1/power) and coefficient = min(1, maxNorm
    /// / (norm + 1e-6)), each one element of the gradients' dtype. A nan stays nan.
    /// </summary>
    public abstract void ClipCoefficient(Tensor powerSum, double power, double maxNorm, Tensor norm, Tensor coefficient);

    /// <summary>The sum of squares of a flat buffer; see <see cref="PowerSum"/>.</summary>
    public void SquaredNorm(Tensor source, Tensor destination, bool accumulate = false) => PowerSum(source, 2, destination, accumulate);

    /// <summary>values = values · coefficient, in place; the coefficient is one element of the same dtype.</summary>
    public void Scale(Tensor values, Tensor coefficient)
    {
        Span<long> still = stackalloc long[values.Rank];
        still.Clear();
        Mul(values, coefficient.WithLayout(Layout.Strided(values.Shape, still, coefficient.Layout.Offset)), values);
    }
}
