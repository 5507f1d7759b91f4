using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// Binary cross entropy of logits (torch.nn.functional.binary_cross_entropy_with_logits), put together from other operations; gradients
/// flow to input and target.
/// </summary>
public static class BceWithLogitsOperation
{
    // Beyond it log(1 + e^x) is x to the last digit of a float64.
    private const double SoftplusThreshold = 40;

    extension(Tensor input)
    {
        /// <summary>−target · log σ(input) − (1 − target) · log(1 − σ(input)), without overflow, reduced.</summary>
        /// <param name="target">Probabilities of the input's shape.</param>
        /// <param name="weight">Factors of the single losses; broadcasts.</param>
        /// <param name="posWeight">Factors of the positive part; broadcasts.</param>
        /// <param name="reduction">A scalar, or the single losses.</param>
        public Tensor BceWithLogits(
            Tensor target, Tensor? weight = null, Tensor? posWeight = null, LossReduction reduction = LossReduction.Mean)
        {
            (input, target) = (Autocast.Raise(input), Autocast.Raise(target));
            (weight, posWeight) = (Autocast.Raise(weight), Autocast.Raise(posWeight));
            if (input.Shape != target.Shape)
            {
                throw new ArgumentException($"BceWithLogits: input and target have one shape, found {input.Shape} and {target.Shape}");
            }
            Check.Floating("BceWithLogits", input);
            Check.SameKind("BceWithLogits", input, target);
            var missing = input.Neg().Softplus(beta: 1, SoftplusThreshold); // −log σ(input)
            if (posWeight is { } positive) missing *= (target * (positive - 1.0)) + 1.0;
            var losses = ((1.0 - target) * input) + missing;
            if (weight is { } factor) losses *= factor;
            return losses.Reduced(reduction);
        }
    }
}
