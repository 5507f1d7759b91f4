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
        /// <summary>Attention whose weights nobody needs to see: without dropout, scores exist for one tile at a time only.</summary>
        /// <param name="query">[batch, heads, queries, size].</param>
        /// <param name="key">[batch, key heads, keys, size].</param>
        /// <param name="value">[batch, key heads, keys, any size].</param>
        /// <param name="mask">
        /// Bool (true may be looked at) or added to the scores; broadcasts to [batch, heads, queries, keys]. Gradients flow to it.
        /// </param>
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
            const string name = "ScaledDotProductAttention";
            (query, key, value) = (Autocast.Lower(query), Autocast.Lower(key), Autocast.Lower(value));
            mask = Autocast.LowerMask(mask);
            var sizes = AttentionSizes.Of(name, query, key, value);
            if (!enableGqa && sizes.HeadCount != sizes.KeyHeadCount)
            {
                throw new ArgumentException(
                    $"{name}: {sizes.HeadCount} heads and {sizes.KeyHeadCount} key heads; enableGqa lets heads share keys");
            }
            var masking = new AttentionMasking(isCausal, 0, double.NegativeInfinity, EmptyIsZero: true);
            if (dropout > 0 || value.Size(-1) != query.Size(-1))
            {
                return ComposedAttention.Run(
                    name, query, key, value, null, mask, masking, alignment, scale, dropout, giveWeights: false).Output;
            }
            if (query.DType is DType.Float16 or DType.BFloat16)
            {
                // The tiles are float32; scores and weights are not rounded between.
                using var asGiven = Autocast.Enter(null);
                var added32 = mask is { DType.IsFloatingPoint: true } given ? given.To(DType.Float32) : mask;
                return Tensor.ScaledDotProductAttention(
                    query.To(DType.Float32), key.To(DType.Float32), value.To(DType.Float32), added32, isCausal, scale, enableGqa,
                    alignment).To(query.DType);
            }
            if (alignment == CausalAlignment.End) masking = masking with { Offset = sizes.Keys - sizes.Queries };
            var factor = scale ?? 1 / Math.Sqrt(query.Size(-1));
            var added = ComposedAttention.Summand(name, "mask", Additive(mask, query), query, sizes.Scores);
            Tensor q = Vectors(query), k = Vectors(key), v = Vectors(value);
            var output = sizes.ByPosition(query, sizes.Queries, sizes.HeadCount, value.Size(-1));
            var node = Tape.Record<ScaledDotProductAttentionBackward>(output, query, key, value, mask.GetValueOrDefault());
            var statistics = node is null ? default : Result.Like(query, [2, sizes.Batch, sizes.HeadCount, sizes.Queries]);
            Backend.For(query).ScaledDotProductAttention(q, k, v, added, masking, factor, output, statistics);
            if (node is not null)
            {
                (node.Masking, node.Scale, node.Mask) = (masking, factor, mask?.Shape ?? default);
                node.Save(q, k, v, added, output.Detach(), statistics);
            }
            return output;
        }
    }

    /// <summary>Vectors whose elements stand side by side.</summary>
    internal static Tensor Vectors(Tensor tensor) => tensor.Layout.Stride(-1) == 1 ? tensor : Views.Contiguous(tensor);

    // A mask of truth values as one that is added.
    private static Tensor? Additive(Tensor? mask, Tensor like)
    {
        if (mask is not { DType: DType.Bool } kept) return mask;
        Tensor seen = Result.Like(like, []), hidden = Result.Like(like, []), added = Result.Like(like, kept.Shape);
        var backend = Backend.For(like);
        backend.Fill(seen, 0);
        backend.Fill(hidden, double.NegativeInfinity);
        backend.Where(kept, Broadcast.To(seen, kept.Shape), Broadcast.To(hidden, kept.Shape), added);
        return added;
    }
}

internal sealed class ScaledDotProductAttentionBackward : Node
{
    public AttentionMasking Masking;
    public double Scale;
    public Shape Mask;

    protected internal override void Backward()
    {
        Tensor query = Saved(0), key = Saved(1), value = Saved(2), mask = Saved(3);
        var sizes = AttentionSizes.Of("ScaledDotProductAttention", query, key, value);
        var dQuery = sizes.ByPosition(query, sizes.Queries, sizes.HeadCount, query.Size(-1));
        var dKey = sizes.ByPosition(key, sizes.Keys, sizes.KeyHeadCount, key.Size(-1));
        var dValue = sizes.ByPosition(value, sizes.Keys, sizes.KeyHeadCount, value.Size(-1));
        var dMask = Needs(3) ? Tensor.Zeros(Mask, mask.DType, mask.Device) : default;
        Backend.For(query).ScaledDotProductAttentionBackward(
            ScaledDotProductAttentionOperation.Vectors(Gradient), query, key, value, mask, Masking, Scale, Saved(4), Saved(5), dQuery, dKey,
            dValue,
            Needs(3) ? Broadcast.To(dMask, sizes.Scores) : default);
        if (Needs(0)) Give(0, dQuery);
        if (Needs(1)) Give(1, dKey);
        if (Needs(2)) Give(2, dValue);
        if (Needs(3)) Give(3, dMask);
    }
}
