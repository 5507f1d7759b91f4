using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Which positions a causal mask takes for contemporaries where there are more keys than queries, or fewer.</summary>
public enum CausalAlignment
{
    /// <summary>The first query and the first key: PyTorch's choice.</summary>
    Start,

    /// <summary>The last query and the last key: right for new queries after cached keys.</summary>
    End,
}

/// <summary>
/// softmax(q kᵀ · scale) v (torch.nn.functional.scaled_dot_product_attention). A query that may look at no key gets 0, and gives no
/// gradient.
/// </summary>
public static class ScaledDotProductAttentionOperation
{
    extension(Tensor)
    {
        /// <summary>Attention whose weights nobody needs to see.</summary>
        /// <param name="query">[batch, heads, queries, size].</param>
        /// <param name="key">[batch, key heads, keys, size].</param>
        /// <param name="value">[batch, key heads, keys, any size].</param>
        /// <param name="mask">Bool (true may be looked at) or added to the scores; broadcasts to [batch, heads, queries, keys].</param>
        /// <param name="isCausal">No query looks at later keys.</param>
        /// <param name="scale">1 / √size where left out.</param>
        /// <param name="enableGqa">Fewer key heads than heads: neighbouring heads share one.</param>
        /// <param name="alignment">What later means where queries and keys differ in number.</param>
        /// <param name="dropout">Probability of dropping a weight.</param>
        public static Tensor ScaledDotProductAttention(
            Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool isCausal = false, double? scale = null,
            bool enableGqa = false,
            CausalAlignment alignment = CausalAlignment.Start, double dropout = 0)
        {
            if (!enableGqa && query.Rank == 4 && key.Rank == 4 && query.Size(1) != key.Size(1))
            {
                throw new ArgumentException(
                    $"ScaledDotProductAttention: {query.Size(1)} heads and {key.Size(1)} key heads; enableGqa lets heads share keys");
            }
            var masking = new AttentionMasking(isCausal, 0, double.NegativeInfinity, EmptyIsZero: true);
            return ComposedAttention.Run(
                "ScaledDotProductAttention", query, key, value, null, mask, masking, alignment, scale, dropout, giveWeights: false).Output;
        }
    }
}
