using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

/// <summary>Which keys a query may look at, beside what a mask says, and what rows become that may look at none.</summary>
/// <param name="Causal">Query i looks at the keys up to i + <paramref name="Offset"/> only.</param>
/// <param name="Offset">
/// 0 aligns the first query with the first key (torch); keys − queries the last with the last (transformers, after cached keys).
/// </param>
/// <param name="Fill">
/// The score of the other keys: −∞ (torch), or the lowest finite number (transformers), which a mask may still add to.
/// </param>
/// <param name="EmptyIsZero">Rows whose scores are all −∞ get weights 0 (torch's attention) and not nan.</param>
public readonly record struct AttentionMasking(bool Causal, long Offset, double Fill, bool EmptyIsZero)
{
    /// <summary>How many keys query number <paramref name="query"/> may look at, from the first on.</summary>
    public long Visible(long query, long keys) => Causal ? Math.Clamp(query + Offset + 1, 0, keys) : keys;
}

public abstract partial class Backend
{
    /// <summary>
    /// scores [batch, heads, queries, keys] become weights, in place: bias is added, keys that are not visible are replaced by the fill,
    /// the mask is added, then the softmax over the keys. Scores contiguous.
    /// </summary>
    /// <param name="scores">Scaled products of queries and keys.</param>
    /// <param name="bias">Expanded to the scores' shape, of their dtype; or <c>default</c>.</param>
    /// <param name="mask">Expanded likewise; of their dtype (added), or bool (false is −∞); or <c>default</c>.</param>
    /// <param name="masking">What is visible.</param>
    /// <param name="dropout">Which weights are dropped, if any.</param>
    /// <param name="dropped">Where the weights that are left go, contiguous; <c>default</c> without dropout.</param>
    public abstract void AttentionWeights(
        Tensor scores, Tensor bias, Tensor mask, in AttentionMasking masking, in DropoutSettings dropout, Tensor dropped);

    /// <summary>
    /// gradient, of the weights after dropout, becomes the scores' gradient after the bias was added, in place: through the dropout, then
    /// weights · (g − Σ g · weights); 0 where a key was replaced, unless <paramref name="masking"/> is not causal (the mask's gradient).
    /// </summary>
    /// <param name="weights">Before dropout, contiguous.</param>
    /// <param name="gradient">Contiguous.</param>
    /// <param name="masking">As in the forward pass.</param>
    /// <param name="dropout">As in the forward pass.</param>
    /// <param name="dropped">Where the weights after dropout go once more; <c>default</c> where they are not wanted.</param>
    public abstract void AttentionWeightsBackward(
        Tensor weights, Tensor gradient, in AttentionMasking masking, in DropoutSettings dropout, Tensor dropped);
}
