using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>The loss of models that give each token a class.</summary>
internal static class TokenLoss
{
    /// <summary>The mean cross entropy of logits [batch, length, classes] with labels [batch, length], -100 left out.</summary>
    public static Tensor Of(Tensor logits, Tensor labels)
    {
        if (labels.Shape != logits.Shape.Without(-1))
        {
            throw new ArgumentException($"labels are [batch, length], here {logits.Shape.Without(-1)}, found {labels}", nameof(labels));
        }
        return logits.Reshape(-1, logits.Size(-1)).CrossEntropy(labels.Reshape(-1));
    }
}
