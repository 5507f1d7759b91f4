using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// Attention as transformers' eager models compute it (https://arxiv.org/abs/1706.03762): it gives the weights too, takes a bias that
/// learns, and hides keys by the lowest number. <see cref="ScaledDotProductAttentionOperation"/> is faster where none of this is wanted.
/// </summary>
public static class AttentionOperation
{
    extension(Tensor)
    {
        /// <summary>softmax(scale · q kᵀ + bias, hidden keys, + mask) v, and the weights before v.</summary>
        /// <param name="query">[batch, heads, queries, size].</param>
        /// <param name="key">
        /// [batch, key heads, keys, size]; the heads are a multiple of the key heads, neighbouring heads share one.
        /// </param>
        /// <param name="value">[batch, key heads, keys, any size].</param>
        /// <param name="mask">Added last; broadcasts to [batch, heads, queries, keys].</param>
        /// <param name="bias">Added to the scores first (T5's relative positions); broadcasts likewise.</param>
        /// <param name="isCausal">
        /// Scores of keys later than the query become the lowest float32 (of float16 and bfloat16 their own) before the mask is added; the
        /// last query is the last key's contemporary. A row that sees nothing has equal weights, or what the mask makes of them.
        /// </param>
        /// <param name="scale">1 / √size where left out.</param>
        /// <param name="dropout">Probability of dropping a weight; the weights returned are what is left.</param>
        /// <returns>[batch, heads, queries, any size] and [batch, heads, queries, keys].</returns>
        public static (Tensor Output, Tensor Weights) Attention(
            Tensor query, Tensor key, Tensor value, Tensor? mask = null, Tensor? bias = null, bool isCausal = false, double? scale = null,
            double dropout = 0)
        {
            (query, key, value) = (Autocast.Lower(query), Autocast.Lower(key), Autocast.Lower(value));
            (mask, bias) = (Autocast.LowerMask(mask), Autocast.LowerMask(bias));
            var lowest = query.DType switch
            {
                DType.Float16 => (double)Half.MinValue,
                DType.BFloat16 => -3.3895313892515355e38,
                _ => float.MinValue,
            };
            var masking = new AttentionMasking(isCausal, 0, lowest, EmptyIsZero: false);
            return ComposedAttention.Run(
                "Attention", query, key, value, bias, mask, masking, CausalAlignment.End, scale, dropout, giveWeights: true);
        }
    }
}

/// <summary>Attention by whole matrices of scores. Gradients: through the softmax, then of the two products.</summary>
internal static class ComposedAttention
{
    public static (Tensor Output, Tensor Weights) Run(
        string operation, Tensor query, Tensor key, Tensor value, Tensor? bias, Tensor? mask, AttentionMasking masking,
        CausalAlignment alignment,
        double? scale, double dropout, bool giveWeights)
    {
        var sizes = AttentionSizes.Of(operation, query, key, value);
        var factor = scale ?? 1 / Math.Sqrt(query.Size(-1));
        if (alignment == CausalAlignment.End) masking = masking with { Offset = sizes.Keys - sizes.Queries };
        var backend = Backend.For(query);
        var weights = Tensor.Empty(sizes.Scores, query.DType, query.Device);
        Tensor added = Summand(operation, "bias", bias, query, sizes.Scores),
            hiding = Summand(operation, "mask", mask, query, sizes.Scores);
        for (var r = 0; r < sizes.Repeats; r++)
        {
            backend.MatMul(sizes.Heads(query, r), MatrixProduct.Transposed(key), sizes.Heads(weights, r), factor);
        }
        var settings = DropoutOperation.Draw(dropout, weights.ElementCount);
        var dropped = dropout > 0 ? Result.Like(weights) : default;
        backend.AttentionWeights(weights, added, hiding, masking, settings, dropped);
        if (dropout <= 0) dropped = weights;

        var output = sizes.ByPosition(query, sizes.Queries, sizes.HeadCount, value.Size(-1));
        for (var r = 0; r < sizes.Repeats; r++) backend.MatMul(sizes.Heads(dropped, r), value, sizes.Heads(output, r));
        if (Tape.Record<AttentionBackward>(output, query, key, value, bias.GetValueOrDefault(), mask.GetValueOrDefault()) is { } node)
        {
            (node.Masking, node.Scale, node.Dropout) = (masking, factor, settings);
            (node.Bias, node.Mask) = (bias?.Shape ?? default, mask?.Shape ?? default);
            node.Save(query, key, value, weights);
            if (giveWeights) node.AddOutput(dropped);
        }
        return (output, dropped);
    }

    // Repeated to the shape of the scores, where there is one.
    internal static Tensor Summand(string operation, string name, Tensor? tensor, Tensor query, Shape scores)
    {
        if (tensor is not { } given) return default;
        if (given.DType != DType.Bool || name == "bias") Check.SameKind(operation, query, given);
        if (Broadcast.Of(operation, given.Shape, scores) != scores)
        {
            throw new ArgumentException($"{operation}: {name} {given.Shape} does not broadcast to the scores {scores}");
        }
        return given.WithLayout(given.Layout.Expand(scores));
    }
}

internal sealed class AttentionBackward : Node
{
    public AttentionMasking Masking;
    public double Scale;
    public DropoutSettings Dropout;
    public Shape Bias, Mask;

    protected internal override void Backward()
    {
        Tensor query = Saved(0), key = Saved(1), value = Saved(2), weights = Saved(3);
        var sizes = AttentionSizes.Of("Attention", query, key, value);
        var backend = Backend.For(query);
        var scores = WeightsGradient(backend, sizes, value, weights);
        if (Needs(4))
        {
            var whole = Result.Like(scores);
            backend.Copy(scores, whole);
            backend.AttentionWeightsBackward(weights, whole, Masking with { Causal = false }, Dropout, default);
            Give(4, Broadcast.Back(whole, Mask));
        }
        var dropped = Dropout.Probability > 0 ? Result.Like(weights) : default;
        backend.AttentionWeightsBackward(weights, scores, Masking, Dropout, dropped);
        if (Needs(3)) Give(3, Broadcast.Back(scores, Bias));
        if (Needs(2)) Give(2, ValueGradient(backend, sizes, value, dropped.IsAlive ? dropped : weights));
        if (Needs(0))
        {
            var given = sizes.ByPosition(query, sizes.Queries, sizes.HeadCount, query.Size(-1));
            for (var r = 0; r < sizes.Repeats; r++) backend.MatMul(sizes.Heads(scores, r), key, sizes.Heads(given, r), Scale);
            Give(0, given);
        }
        if (Needs(1))
        {
            var given = sizes.ByPosition(key, sizes.Keys, sizes.KeyHeadCount, key.Size(-1));
            for (var r = 0; r < sizes.Repeats; r++)
            {
                var columns = MatrixProduct.Transposed(sizes.Heads(scores, r));
                backend.MatMul(columns, sizes.Heads(query, r), given, Scale, beta: r == 0 ? 0 : 1);
            }
            Give(1, given);
        }
    }

    // Of the weights after dropout.
    private Tensor WeightsGradient(Backend backend, in AttentionSizes sizes, Tensor value, Tensor weights)
    {
        var given = Result.Like(weights);
        if (Gradient.IsAlive)
        {
            for (var r = 0; r < sizes.Repeats; r++)
            {
                backend.MatMul(sizes.Heads(Gradient, r), MatrixProduct.Transposed(value), sizes.Heads(given, r));
            }
        }
        else
        {
            backend.Fill(given, 0);
        }
        if (OutputCount > 1 && GradientOf(1) is { IsAlive: true } direct) backend.Add(given, direct, given);
        return given;
    }

    private Tensor ValueGradient(Backend backend, in AttentionSizes sizes, Tensor value, Tensor dropped)
    {
        var given = sizes.ByPosition(value, sizes.Keys, sizes.KeyHeadCount, value.Size(-1));
        if (!Gradient.IsAlive)
        {
            backend.Fill(given, 0);
            return given;
        }
        for (var r = 0; r < sizes.Repeats; r++)
        {
            var columns = MatrixProduct.Transposed(sizes.Heads(dropped, r));
            backend.MatMul(columns, sizes.Heads(Gradient, r), given, beta: r == 0 ? 0 : 1);
        }
        return given;
    }
}

/// <summary>The sizes of an attention, and how heads that share keys and values are met: the r-th of each group at a time.</summary>
internal readonly struct AttentionSizes
{
    private AttentionSizes(long batch, long heads, long keyHeads, long queries, long keys)
    {
        (Batch, HeadCount, KeyHeadCount, Queries, Keys) = (batch, heads, keyHeads, queries, keys);
        Repeats = keyHeads == 0 ? 0 : (int)(heads / keyHeads);
    }

    public long Batch { get; }

    public long HeadCount { get; }

    public long KeyHeadCount { get; }

    public long Queries { get; }

    public long Keys { get; }

    /// <summary>Heads for each key head.</summary>
    public int Repeats { get; }

    public Shape Scores => [Batch, HeadCount, Queries, Keys];

    public static AttentionSizes Of(string operation, Tensor query, Tensor key, Tensor value)
    {
        Check.Floating(operation, query);
        Check.SameKind(operation, query, key);
        Check.SameKind(operation, query, value);
        Shape q = query.Shape, k = key.Shape, v = value.Shape;
        var fits = q.Rank == 4 && k.Rank == 4 && v.Rank == 4 && q[0] == k[0] && q[3] == k[3] && v == k.With(3, v[3]);
        if (!fits)
        {
            throw new ArgumentException(
                $"{operation}: expected query [batch, heads, queries, size], key [batch, key heads, keys, size] "
                + $"and value [batch, key heads, keys, any size]; found {q}, {k} and {v}");
        }
        if (q[1] != k[1] && (k[1] == 0 || q[1] % k[1] != 0))
        {
            throw new ArgumentException($"{operation}: {q[1]} heads are no multiple of {k[1]} key heads");
        }
        return new AttentionSizes(q[0], q[1], k[1], q[2], k[2]);
    }

    /// <summary>The r-th head of each group: [batch, key heads, …].</summary>
    public Tensor Heads(Tensor tensor, int r) =>
        Repeats == 1 ? tensor : tensor.WithLayout(tensor.Layout.Slice(1, r, KeyHeadCount, Repeats));

    /// <summary>[batch, heads, positions, size] that lies in memory as [batch, positions, heads, size], as projections want it.</summary>
    public Tensor ByPosition(Tensor like, long positions, long heads, long size)
    {
        var memory = Tensor.Empty([Batch, positions, heads, size], like.DType, like.Device);
        return memory.WithLayout(memory.Layout.Transpose(1, 2));
    }
}
