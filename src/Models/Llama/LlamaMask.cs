using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// Which keys each query may see in one forward pass: those up to its own position, within its window if there is one, that are no padding.
/// Made once, used by every layer with the same window.
/// </summary>
internal readonly struct LlamaMask
{
    private LlamaMask(Tensor? hiding, bool isCausal) => (Hiding, IsCausal) = (hiding, isCausal);

    /// <summary>
    /// What is added to scores [batch, heads, queries, keys], broadcast: 0 for what is seen, the dtype's lowest number for what is not; null
    /// where nothing is hidden in this way.
    /// </summary>
    public Tensor? Hiding { get; }

    /// <summary>Whether keys behind the query are to be left out as well.</summary>
    public bool IsCausal { get; }

    /// <summary>The mask of <paramref name="queries"/> new positions after <paramref name="past"/> others.</summary>
    /// <param name="attentionMask">[batch, past + queries], 1 for tokens and 0 for padding; all tokens where null; numbers above 1 tell
    /// packed texts apart (<see cref="PackedMask"/>).</param>
    /// <param name="rows">Rows in the batch.</param>
    /// <param name="queries">New positions.</param>
    /// <param name="past">Positions before them.</param>
    /// <param name="window">Positions that a query sees, its own included; null for all.</param>
    /// <param name="blindSeesAll">
    /// What becomes of a query before the row's first token, which sees nothing: true lets it see every key as if nothing were hidden (sdpa),
    /// false weighs all keys equally (eager).
    /// </param>
    /// <param name="dtype">Of the scores.</param>
    public static LlamaMask Of(
        Tensor? attentionMask, long rows, long queries, long past, int? window, bool blindSeesAll, DType dtype)
    {
        var keys = past + queries;
        var flags = attentionMask is { } mask ? Flags(mask, rows, keys) : default(Tensor?);
        if (flags is { } packed && PackedMask.IsPacked(packed.AsSpan<long>()))
            return new(PackedMask.Of(packed.AsSpan<long>(), rows, past, window, dtype), isCausal: false);
        var (hasPadding, beginsWithPadding) = flags is { } given ? CausalMask.Look(given.AsSpan<long>(), keys) : default;
        if (window >= keys) window = null;
        if (window is null && !(beginsWithPadding && queries > 1))
        {
            // One new position is later than all others: nothing is behind it.
            return new(hasPadding ? Padding(flags!.Value.AsSpan<long>(), [rows, 1, 1, keys], dtype) : null, queries > 1);
        }
        return new(Whole(hasPadding ? flags : null, hasPadding ? rows : 1, queries, past, window, blindSeesAll, dtype), isCausal: false);
    }

    private static Tensor Flags(Tensor mask, long rows, long keys)
    {
        if (mask.Rank != 2 || mask.Size(0) != rows || mask.Size(1) != keys || mask.DType.IsFloatingPoint)
        {
            throw new ArgumentException(
                $"attention_mask is whole numbers [batch, positions], here [{rows}, {keys}], found {mask}", nameof(mask));
        }
        var flags = Tensor.Empty(mask.Shape, DType.Int64);
        Backend.For(flags).Copy(mask, flags);
        return flags;
    }

    private static Tensor Padding(ReadOnlySpan<long> flags, Shape shape, DType dtype)
    {
        var single = Tensor.Empty(shape);
        var values = single.AsSpan<float>();
        var lowest = Lowest(dtype);
        for (var i = 0; i < flags.Length; i++) values[i] = flags[i] == 0 ? lowest : 0;
        return As(single, dtype);
    }

    // Every query's own row of keys.
    private static Tensor Whole(Tensor? flags, long rows, long queries, long past, int? window, bool blindSeesAll, DType dtype)
    {
        var keys = (int)(past + queries);
        var single = Tensor.Empty([rows, 1, queries, keys]);
        var values = single.AsSpan<float>();
        values.Fill(Lowest(dtype));
        for (var row = 0; row < rows; row++)
        {
            var tokens = flags is { } given ? given.AsSpan<long>().Slice(row * keys, keys) : default;
            var isEmpty = !tokens.IsEmpty && !tokens.Contains(1);
            for (var query = 0; query < queries; query++)
            {
                var seen = values.Slice(checked((int)(((row * queries) + query) * keys)), keys);
                var own = (int)past + query;
                var isBlind = true;
                for (var key = Math.Max(0, own - (window ?? keys) + 1); key <= own; key++)
                {
                    if (!tokens.IsEmpty && tokens[key] == 0) continue;
                    (seen[key], isBlind) = (0, false);
                }
                if (isBlind && blindSeesAll && !isEmpty) seen.Clear();
            }
        }
        return As(single, dtype);
    }

    private static float Lowest(DType dtype) => dtype switch
    {
        DType.Float16 => (float)Half.MinValue,
        DType.BFloat16 => -3.3895313892515355e38f,
        _ => float.MinValue, // low enough for float64 too
    };

    private static Tensor As(Tensor single, DType dtype)
    {
        if (dtype == DType.Float32) return single;
        var converted = Tensor.Empty(single.Shape, dtype);
        Backend.For(converted).Copy(single, converted);
        return converted;
    }
}
