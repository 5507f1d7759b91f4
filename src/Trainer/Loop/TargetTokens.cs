using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Loop;

/// <summary>How many labels of a batch count.</summary>
/// <param name="All">Labels that are not -100.</param>
/// <param name="Predicted">Those of them that the loss is a mean over: in a causal language model nothing predicts the first.</param>
internal readonly record struct TargetTokens(long All, long Predicted)
{
    private const long Ignored = -100;

    /// <summary>Counts; null where a batch has no labels that are whole numbers.</summary>
    public static TargetTokens? Of(Batch batch, bool isCausal)
    {
        if (!batch.TryGet("labels", out var labels) || labels.DType.IsFloatingPoint || labels.DType == DType.Bool) return null;
        var (numbers, width) = (labels.DType == DType.Int64 ? labels.ToArray<long>() : [.. labels.ToArray<int>().Select(label => (long)label)],
            labels.Rank == 0 ? 1 : labels.Size(-1));
        long all = 0, predicted = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (numbers[i] == Ignored) continue;
            all++;
            if (!isCausal || labels.Rank < 2 || i % width > 0) predicted++;
        }
        return new TargetTokens(all, predicted);
    }
}
