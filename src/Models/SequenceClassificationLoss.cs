using NativeTrainer.Autograd;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>The loss of models that give each text a class, several classes or numbers.</summary>
internal static class SequenceClassificationLoss
{
    /// <summary>The mean loss of logits [batch, labels], of the kind that <c>problem_type</c> says.</summary>
    /// <remarks>
    /// As in Hugging Face, a configuration that does not say learns from the first labels: one label is a number to come near, whole
    /// numbers are classes, others say of each class whether the text belongs to it.
    /// </remarks>
    public static Tensor Of(Tensor logits, Tensor labels, PretrainedConfig config)
    {
        config.ProblemType ??= config.NumLabels == 1 ? "regression"
            : labels.DType is DType.Int64 or DType.Int32 ? "single_label_classification" : "multi_label_classification";
        switch (config.ProblemType)
        {
            case "single_label_classification":
                if (labels.ElementCount != logits.Size(0)) throw Wrong(labels, $"[{logits.Size(0)}], the classes of the texts");
                return logits.CrossEntropy(labels.Reshape(-1));
            case "multi_label_classification":
                if (labels.Shape != logits.Shape) throw Wrong(labels, $"{logits.Shape}, 1 for each class of a text and 0 for others");
                return logits.BceWithLogits(Converted(labels, logits));
            default:
                var isOne = logits.Size(-1) == 1; // then labels may be [batch] as well
                var fits = isOne ? labels.ElementCount == logits.ElementCount : labels.Shape == logits.Shape;
                if (!fits) throw Wrong(labels, $"{logits.Shape}, numbers to come near");
                var numbers = Converted(labels, logits);
                return isOne ? logits.Reshape(-1).MseLoss(numbers.Reshape(-1)) : logits.MseLoss(numbers);
        }
    }

    private static ArgumentException Wrong(Tensor labels, string expected) => new($"labels are {expected}, found {labels}", nameof(labels));

    private static Tensor Converted(Tensor labels, Tensor like)
    {
        if (labels.DType == like.DType) return labels;
        var converted = Tensor.Empty(labels.Shape, like.DType, like.Device);
        Backend.For(converted).Copy(labels, converted);
        return converted;
    }
}
