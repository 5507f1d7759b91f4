using NativeTrainer.Autograd;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>The loss of models whose every position predicts the next token.</summary>
internal static class CausalLanguageModelLoss
{
    private const int Ignored = -100;

    /// <summary>
    /// The mean cross entropy of logits [batch, length, vocabulary] with the labels [batch, length] one place to their right, -100 left
    /// out.
    /// </summary>
    /// <remarks>The labels are moved instead of the logits, with nothing to predict at the end: the same numbers without a copy of the
    /// logits.</remarks>
    public static Tensor Of(Tensor logits, Tensor labels)
    {
        if (labels.Rank != 2 || labels.Size(0) != logits.Size(0) || labels.Size(1) != logits.Size(1))
        {
            throw new ArgumentException(
                $"labels are [batch, length] as the input, here [{logits.Size(0)}, {logits.Size(1)}], found {labels}", nameof(labels));
        }
        var length = labels.Size(1);
        var next = Tensor.Empty(labels.Shape, DType.Int64, labels.Device);
        Backend.For(next).Fill(next, Ignored);
        if (length > 1)
        {
            var (later, place) = (labels.Layout.Slice(1, 1, length - 1), next.Layout.Slice(1, 0, length - 1));
            Backend.For(next).Copy(labels.WithLayout(later), next.WithLayout(place));
        }
        return logits.Reshape(-1, logits.Size(2)).CrossEntropy(next.Reshape(-1), ignoreIndex: Ignored);
    }
}
