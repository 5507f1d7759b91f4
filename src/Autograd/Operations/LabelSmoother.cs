using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// The loss of transformers' LabelSmoother: cross entropy over the last axis, smoothed, the mean over labels that are not ignored.
/// </summary>
public static class LabelSmootherOperation
{
    extension(Tensor logits)
    {
        /// <summary>(1 − epsilon) · negative log likelihood + epsilon · mean over the classes; nan if all labels are ignored.</summary>
        /// <param name="labels">Classes as int64 or int32, of the logits' shape without the last axis, or with 1 there.</param>
        /// <param name="epsilon">The part of the target that is spread over all classes.</param>
        /// <param name="ignoreIndex">Labels that do not count.</param>
        /// <param name="shiftLabels">
        /// Each position of logits [batch, length, classes] predicts the next label, as in a causal language model.
        /// </param>
        public Tensor LabelSmoothedLoss(Tensor labels, double epsilon = 0.1, long ignoreIndex = -100, bool shiftLabels = false)
        {
            Check.WholeNumbers("LabelSmoothedLoss", "labels", labels);
            if (logits.Rank > 0 && labels.Shape == logits.Shape.With(-1, 1)) labels = labels.WithLayout(labels.Layout.Squeeze(-1));
            if (logits.Rank == 0 || labels.Shape != logits.Shape.Without(-1))
            {
                throw new ArgumentException(
                    $"LabelSmoothedLoss: labels have the shape of the logits, {logits.Shape}, without the classes; found {labels.Shape}");
            }
            if (shiftLabels) labels = Shifted(labels, ignoreIndex);
            var flat = Views.Reshape(labels, [labels.ElementCount]);
            return logits.Reshape(-1, logits.Size(-1)).CrossEntropy(flat, null, ignoreIndex, epsilon);
        }

        /// <summary>
        /// The loss of a causal language model: each position of logits [batch, length, vocabulary] predicts the next label [batch,
        /// length].
        /// </summary>
        /// <remarks>The labels are moved, not the logits: those are far larger.</remarks>
        public Tensor NextTokenLoss(Tensor labels, long ignoreIndex = -100, LossReduction reduction = LossReduction.Mean)
        {
            Check.WholeNumbers("NextTokenLoss", "labels", labels);
            if (logits.Rank < 2 || labels.Shape != logits.Shape.Without(-1))
            {
                throw new ArgumentException(
                    $"NextTokenLoss: logits [batch, length, classes] want labels [batch, length]; found {logits.Shape} and {labels.Shape}");
            }
            var next = Views.Reshape(Shifted(labels, ignoreIndex), [labels.ElementCount]);
            return logits.Reshape(-1, logits.Size(-1)).CrossEntropy(next, null, ignoreIndex, 0, reduction);
        }
    }

    // One place to the left along the last axis; the last position has nothing to predict.
    private static Tensor Shifted(Tensor labels, long ignoreIndex)
    {
        var shifted = Tensor.Empty(labels.Shape, labels.DType, labels.Device);
        var backend = Backend.For(shifted);
        backend.Fill(shifted, ignoreIndex);
        var length = labels.Size(-1) - 1;
        if (length <= 0) return shifted;
        var next = labels.WithLayout(labels.Layout.Slice(-1, 1, length));
        backend.Copy(next, shifted.WithLayout(shifted.Layout.Slice(-1, 0, length)));
        return shifted;
    }
}
