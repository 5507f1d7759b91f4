using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Gradients scaled down together where their common norm is too large (torch.nn.utils.clip_grad_norm_). Not recorded.</summary>
public static class ClipGradNormOperation
{
    extension(Tensor)
    {
        /// <summary>
        /// Multiplies all gradients, in place, by min(1, maxNorm / (norm + 1e-6)). A norm of ∞ makes finite gradients 0 and infinite ones
        /// nan, a norm of nan makes all nan.
        /// </summary>
        /// <param name="gradients">As if they were one long vector; of one device.</param>
        /// <param name="maxNorm">The largest norm allowed.</param>
        /// <param name="normType">The p of the norm; ∞ for the largest absolute value.</param>
        /// <param name="errorIfNonFinite">Throw, before anything is changed, if the norm is ∞ or nan.</param>
        /// <returns>The norm before clipping, a scalar of the first gradient's dtype; 0 without gradients.</returns>
        public static Tensor ClipGradNorm(
            ReadOnlySpan<Tensor> gradients, double maxNorm, double normType = 2, bool errorIfNonFinite = false)
        {
            if (!(normType > 0))
            {
                throw new ArgumentOutOfRangeException(nameof(normType), normType, "ClipGradNorm: the p of a norm is above 0");
            }
            if (gradients.IsEmpty) return Tensor.Zeros([]);
            var device = gradients[0].Device;
            var backend = Backend.For(device);
            var sum = Tensor.Zeros([], DType.Float64, device);
            foreach (var gradient in gradients) backend.PowerSum(Views.Contiguous(gradient), normType, sum, accumulate: true);
            var norm = Tensor.Empty([], gradients[0].DType, device);
            var coefficient = Tensor.Empty([], gradients[0].DType, device);
            backend.ClipCoefficient(sum, normType, maxNorm, norm, coefficient);
            if (errorIfNonFinite && !double.IsFinite(sum.Item<double>()))
            {
                throw new InvalidOperationException(
                    $"ClipGradNorm: the norm of order {normType} of {gradients.Length} gradients is not finite, so it cannot be clipped");
            }
            foreach (var gradient in gradients)
            {
                backend.Scale(gradient, gradient.DType == coefficient.DType ? coefficient : Converted(coefficient, gradient.DType));
                gradient.MarkChanged();
            }
            return norm;
        }
    }

    private static Tensor Converted(Tensor scalar, DType dtype)
    {
        var converted = Tensor.Empty([], dtype, scalar.Device);
        Backend.For(converted).Copy(scalar, converted);
        return converted;
    }
}
