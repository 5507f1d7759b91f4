using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>Which keys a query may see.</summary>
internal enum Causality
{
    /// <summary>All.</summary>
    None,

    /// <summary>Query i sees keys up to i + Keys - Queries: the last query sees all, as with cached keys of earlier tokens.</summary>
    FromEnd,

    /// <summary>Query i sees keys up to i.</summary>
    FromStart,
}

/// <summary>Vectors of [batch, head, row] in memory, each contiguous, by strides in elements.</summary>
internal unsafe struct HeadView<T> where T : unmanaged
{
    public T* Pointer;
    public nint Batch, Head, Row;

    /// <summary>A dense [batch, heads, rows, size] array.</summary>
    public static HeadView<T> Dense(T* pointer, nint heads, nint rows, nint size) =>
        new() { Pointer = pointer, Batch = heads * rows * size, Head = rows * size, Row = size };

    /// <summary>First vector of a head.</summary>
    public readonly T* At(nint batch, nint head) => Pointer + batch * Batch + head * Head;
}

/// <summary>Numbers added to the scores of [batch, head, query, key], by strides in elements; 0 where one number serves all.</summary>
internal unsafe struct ScoreView<T> where T : unmanaged
{
    /// <summary>Null for no mask.</summary>
    public T* Pointer;
    public nint Batch, Head, Row, Column;

    /// <summary>The number of the first key for the first query of a head.</summary>
    public readonly T* At(nint batch, nint head) => Pointer + batch * Batch + head * Head;
}

/// <summary>
/// Scaled dot-product attention: Output = softmax(Scale·Query·Keyᵀ + Mask)·Value for every batch and head (Vaswani et al. 2017,
/// arXiv:1706.03762). Fewer key and value heads than query heads are shared by neighbouring ones: query head h uses key head h / (Heads /
/// KeyHeads).
/// </summary>
/// <remarks>A query that sees no key, or only keys with mask -∞, has output 0 and passes no gradient on.</remarks>
internal unsafe struct AttentionProblem<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>KeyHeads divides Heads. HeadSize is the length of all vectors.</summary>
    public nint Batch, Heads, KeyHeads, Queries, Keys, HeadSize;

    /// <summary>[Batch, Heads, Queries, HeadSize]</summary>
    public HeadView<T> Query, Output;

    /// <summary>[Batch, KeyHeads, Keys, HeadSize]</summary>
    public HeadView<T> Key, Value;

    /// <summary>[Batch, Heads, Queries, Keys] with strides 0 for what is broadcast.</summary>
    public ScoreView<T> Mask;

    public Causality Causality;
    public T Scale;

    /// <summary>
    /// [Batch, Heads, Queries] each, dense: largest score of a row and sum of e^(score - largest). The forward pass writes them (null: it
    /// does not), the backward pass reads them. Two numbers and not their log-sum-exp: that loses the sum where a mask of -3e38 makes up a
    /// whole row.
    /// </summary>
    public T* RowMax, RowSum;

    /// <summary>Number of keys that a query sees: the first so many.</summary>
    public readonly nint KeysSeenBy(nint query) => Causality == Causality.None ? Keys : Math.Clamp(query + CausalShift + 1, 0, Keys);

    /// <summary>Query i sees keys up to i + CausalShift, if attention is causal.</summary>
    public readonly nint CausalShift => Causality == Causality.FromEnd ? Keys - Queries : 0;

    /// <summary>Query heads per key head.</summary>
    public readonly nint Group => Heads / KeyHeads;
}

/// <summary>What the backward pass reads and writes beside the forward problem.</summary>
internal unsafe struct AttentionGradients<T> where T : unmanaged
{
    /// <summary>Gradient of Output, read.</summary>
    public HeadView<T> Output;

    /// <summary>Gradients of Query, Key and Value, overwritten.</summary>
    public HeadView<T> Query, Key, Value;

    /// <summary>
    /// Gradient of Mask, added to; a null pointer for none. Strides as Mask's: what was broadcast collects the sum. With stride 0 over
    /// batch or heads these are worked on one after another.
    /// </summary>
    public ScoreView<T> Mask;
}
