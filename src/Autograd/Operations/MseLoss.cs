using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// The squared difference (torch.nn.functional.mse_loss), put together from other operations; gradients flow to both sides.
/// </summary>
public static class MseLossOperation
{
    extension(Tensor input)
    {
        /// <summary>(input − target)², reduced.</summary>
        /// <param name="target">Of the input's shape.</param>
        /// <param name="reduction">A scalar, or the single squares.</param>
        public Tensor MseLoss(Tensor target, LossReduction reduction = LossReduction.Mean)
        {
            (input, target) = (Autocast.Raise(input), Autocast.Raise(target));
            if (input.Shape != target.Shape)
            {
                throw new ArgumentException($"MseLoss: input and target have one shape, found {input.Shape} and {target.Shape}");
            }
            var difference = input - target;
            return (difference * difference).Reduced(reduction);
        }
    }
}
