using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Evaluation;

/// <summary>What a classifier's logits say.</summary>
public static class ClassIds
{
    /// <summary>The class of the greatest logit; the first of equal ones.</summary>
    /// <param name="logits">[…, classes].</param>
    /// <returns>As many as there are rows of classes, in their order.</returns>
    public static long[] Of(Tensor logits)
    {
        using var silent = NoGrad.Enter();
        return logits.Argmax(-1).ToArray<long>();
    }

    /// <summary>Whether each class of a multi-label classifier holds: its probability is above one half, its logit above 0.</summary>
    /// <param name="logits">[rows, classes] of float32.</param>
    public static bool[] AboveHalf(Tensor logits) => [.. logits.ToArray<float>().Select(logit => logit > 0)];
}
