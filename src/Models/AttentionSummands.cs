using NativeTrainer.Autograd;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// What is added to the scores of one attention before their softmax, worked out once for all layers: a bias that learns, and the lowest
/// number where a key is hidden.
/// </summary>
internal readonly struct AttentionSummands
{
    private AttentionSummands(Tensor? bias, Tensor? hiding, bool isCausal)
        : this(bias, hiding, bias is { } given && hiding is { } hidden ? given + hidden : bias ?? hiding, isCausal)
    {
    }

    private AttentionSummands(Tensor? bias, Tensor? hiding, Tensor? sum, bool isCausal) =>
        (Bias, Hiding, Sum, IsCausal) = (bias, hiding, sum, isCausal);

    /// <summary>Broadcasts to [batch, heads, queries, keys]; carries a gradient. Null where there is none.</summary>
    public Tensor? Bias { get; }

    /// <summary>0 or the lowest float32; broadcasts likewise. Null where nothing is hidden.</summary>
    public Tensor? Hiding { get; }

    /// <summary>Both together.</summary>
    public Tensor? Sum { get; }

    /// <summary>Whether keys later than the query are to be hidden as well.</summary>
    public bool IsCausal { get; }

    /// <summary>Every key may be seen but those that a mask hides.</summary>
    /// <param name="mask">[batch, keys] or [batch, queries, keys], 1 for tokens and 0 for padding; all tokens where null.</param>
    /// <param name="name">The mask's name, for errors.</param>
    /// <param name="rows">Rows in the batch.</param>
    /// <param name="queries">Positions that look.</param>
    /// <param name="keys">Positions that are looked at.</param>
    /// <param name="dtype">Of the scores.</param>
    /// <param name="bias">Added as well.</param>
    public static AttentionSummands Of(
        Tensor? mask, string name, long rows, long queries, long keys, DType dtype, Tensor? bias = null) =>
        new(bias, PaddingMask.Of(mask, name, rows, queries, keys, dtype), isCausal: false);

    /// <summary>A decoder's: keys up to the query's own position may be seen, unless a mask hides them.</summary>
    /// <param name="mask">[batch, past + queries], or [batch, queries, past + queries], which says by itself what is hidden.</param>
    /// <param name="name">The mask's name, for errors.</param>
    /// <param name="rows">Rows in the batch.</param>
    /// <param name="queries">New positions.</param>
    /// <param name="past">Positions before them.</param>
    /// <param name="dtype">Of the scores.</param>
    /// <param name="bias">Added as well.</param>
    public static AttentionSummands Causal(
        Tensor? mask, string name, long rows, long queries, long past, DType dtype, Tensor? bias = null)
    {
        var hiding = PaddingMask.Of(mask, name, rows, queries, past + queries, dtype);
        if (mask is { Rank: 3 }) return new(bias, hiding, isCausal: false);
        if (hiding is not { } padding || queries == 1) return new(bias, hiding, queries > 1);

        // A query that sees nothing weighs all keys equally, later ones too: the lowest number wherever a key is hidden, once.
        var lowest = PaddingMask.Lowest(dtype);
        var later = Tensor.Empty([1, 1, queries, past + queries], dtype);
        Backend.For(later).Fill(later, lowest);
        return new(bias, (padding + later.Triu((int)past + 1)).Clamp(min: lowest), isCausal: false);
    }

    /// <summary>The same with other handles on the tensors that carry a gradient, for a part that is run again.</summary>
    public AttentionSummands With(Tensor bias, Tensor sum) => new(bias, Hiding, sum, IsCausal);

    /// <summary>Attention under these summands, as Hugging Face's eager models compute it.</summary>
    /// <param name="query">[batch, heads, queries, size].</param>
    /// <param name="key">[batch, heads, keys, size].</param>
    /// <param name="value">[batch, heads, keys, size].</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="dropout">Probability of dropping a weight.</param>
    /// <param name="weights">Where the attention weights are added; null where nobody wants them.</param>
    /// <returns>[batch, heads, queries, size].</returns>
    public Tensor Attend(Tensor query, Tensor key, Tensor value, double scale, double dropout, List<Tensor>? weights)
    {
        if (weights is null && dropout == 0)
        {
            return Tensor.ScaledDotProductAttention(
                query, key, value, Sum, IsCausal, scale, enableGqa: true, alignment: CausalAlignment.End);
        }
        var (mixed, probabilities) = Tensor.Attention(query, key, value, Hiding, Bias, IsCausal, scale, dropout);
        weights?.Add(probabilities);
        return mixed;
    }
}
