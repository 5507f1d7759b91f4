using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// Which keys each query may see in one forward pass: those up to its own position that are no padding. Made once, used by every layer.
/// </summary>
internal readonly struct CausalMask
{
    private CausalMask(Tensor? padding, bool beginsWithPadding, long queries)
    {
        // One new position is later than all others: nothing is behind it.
        (Padding, IsCausal, HidesWholeRows) = (padding, queries > 1, beginsWithPadding && queries > 1);
    }

    /// <summary>
    /// What is added to scores [batch, heads, queries, keys], broadcast: 0 for tokens, the lowest float32 for padding; null where all are
    /// tokens.
    /// </summary>
    public Tensor? Padding { get; }

    /// <summary>Whether keys behind the query are to be left out as well.</summary>
    public bool IsCausal { get; }

    /// <summary>
    /// Whether some query sees nothing: a row begins with padding. Hugging Face's GPT-2 weighs the padding before such a query and the
    /// tokens behind it equally, so scores of keys behind must become the lowest number before <see cref="Padding"/> is added:
    /// <c>Tensor.Attention</c> does.
    /// </summary>
    public bool HidesWholeRows { get; }

    /// <summary>The mask of <paramref name="queries"/> new positions after <paramref name="past"/> others.</summary>
    /// <param name="attentionMask">[batch, past + queries], 1 for tokens and 0 for padding; all tokens where null; numbers above 1 tell
    /// packed texts apart (<see cref="PackedMask"/>).</param>
    /// <param name="rows">Rows in the batch.</param>
    /// <param name="queries">New positions.</param>
    /// <param name="past">Positions before them.</param>
    /// <param name="dtype">Of the scores.</param>
    public static CausalMask Of(Tensor? attentionMask, long rows, long queries, long past, DType dtype)
    {
        if (attentionMask is not { } mask) return new CausalMask(null, false, queries);
        var keys = past + queries;
        if (mask.Rank != 2 || mask.Size(0) != rows || mask.Size(1) != keys || mask.DType.IsFloatingPoint)
        {
            throw new ArgumentException(
                $"attention_mask is whole numbers [batch, positions], here [{rows}, {keys}], found {mask}", nameof(attentionMask));
        }
        var flags = Tensor.Empty(mask.Shape, DType.Int64);
        Backend.For(flags).Copy(mask, flags);
        if (PackedMask.IsPacked(flags.AsSpan<long>()))
            return new CausalMask(PackedMask.Of(flags.AsSpan<long>(), rows, past, null, dtype), beginsWithPadding: false, queries);
        var (hasPadding, beginsWithPadding) = Look(flags.AsSpan<long>(), keys);
        Tensor? padding = hasPadding ? Additive(flags.AsSpan<long>(), [rows, 1, 1, keys], dtype) : null;
        return new CausalMask(padding, beginsWithPadding, queries);
    }

    /// <summary>What there is in rows of flags, 1 for tokens and 0 for padding; other numbers are refused.</summary>
    internal static (bool HasPadding, bool BeginsWithPadding) Look(ReadOnlySpan<long> flags, long keys)
    {
        var (hasPadding, beginsWithPadding) = (false, false);
        for (var i = 0; i < flags.Length; i++)
        {
            if (flags[i] is not (0 or 1))
            {
                throw new ArgumentException($"attention_mask holds 0 and 1, found {flags[i]} in row {i / keys} at {i % keys}");
            }
            hasPadding |= flags[i] == 0;
            beginsWithPadding |= flags[i] == 0 && i % keys == 0;
        }
        return (hasPadding, beginsWithPadding);
    }

    /// <summary>Flags as what is added to scores, in a shape of as many elements.</summary>
    internal static Tensor Additive(ReadOnlySpan<long> flags, Shape shape, DType dtype)
    {
        var single = Tensor.Empty(shape, DType.Float32);
        var lowest = (float)PaddingMask.Lowest(dtype);
        var values = single.AsSpan<float>();
        for (var i = 0; i < flags.Length; i++) values[i] = flags[i] == 0 ? lowest : 0;
        if (dtype == DType.Float32) return single;
        var converted = Tensor.Empty(shape, dtype);
        Backend.For(converted).Copy(single, converted);
        return converted;
    }
}
