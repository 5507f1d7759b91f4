using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// Rows that hold several texts end to end: an <c>attention_mask</c> whose numbers from 1 up tell the texts apart (0 is padding). A token
/// sees the tokens of its own text alone.
/// </summary>
internal static class PackedMask
{
    /// <summary>Whether a mask tells texts apart: it holds numbers above 1.</summary>
    public static bool IsPacked(ReadOnlySpan<long> mask) => mask.ContainsAnyExceptInRange(long.MinValue, 1);

    /// <summary>
    /// What is added to scores [rows, 1, length, length]: 0 for tokens of the same text up to the query, within the window if there is
    /// one; the dtype's lowest number for others.
    /// </summary>
    /// <param name="mask">[rows, length].</param>
    /// <param name="rows">Rows in the batch.</param>
    /// <param name="past">Positions of a cache, which must be none: texts that are packed are whole.</param>
    /// <param name="window">Positions that a query sees, its own included; null for all.</param>
    /// <param name="dtype">Of the scores.</param>
    public static Tensor Of(ReadOnlySpan<long> mask, long rows, long past, int? window, DType dtype)
    {
        if (past > 0)
        {
            throw new ArgumentException(
                "attention_mask holds numbers above 1, which tell packed texts apart; with past_key_values it holds 0 and 1", nameof(mask));
        }
        var length = mask.Length / (int)rows;
        var single = Tensor.Empty([rows, 1, length, length]);
        var values = single.AsSpan<float>();
        values.Fill((float)PaddingMask.Lowest(dtype));
        for (var row = 0; row < rows; row++)
        {
            var texts = mask.Slice(row * length, length);
            for (var query = 0; query < length; query++)
            {
                if (texts[query] < 0)
                {
                    throw new ArgumentException(
                        $"attention_mask holds {texts[query]} in row {row} at {query}, expected 0 or a text's number", nameof(mask));
                }
                var seen = values.Slice(((row * length) + query) * length, length);
                for (var key = Math.Max(0, query - (window ?? length) + 1); key <= query; key++)
                {
                    if (texts[key] == texts[query]) seen[key] = 0;
                }
            }
        }
        if (dtype == DType.Float32) return single;
        var converted = Tensor.Empty(single.Shape, dtype);
        Backend.For(converted).Copy(single, converted);
        return converted;
    }
}
