using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Masks of 1 for tokens and 0 for padding, as numbers that are added to scores.</summary>
internal static class PaddingMask
{
    /// <summary>
    /// What is added to scores [batch, heads, queries, keys], broadcast: 0 for tokens, the lowest number for padding; null where all are
    /// tokens.
    /// </summary>
    /// <param name="mask">[batch, keys] or [batch, queries, keys]; all tokens where null.</param>
    /// <param name="name">Its name, for errors.</param>
    /// <param name="rows">Rows in the batch.</param>
    /// <param name="queries">Positions that look.</param>
    /// <param name="keys">Positions that are looked at.</param>
    /// <param name="dtype">Of the scores.</param>
    public static Tensor? Of(Tensor? mask, string name, long rows, long queries, long keys, DType dtype)
    {
        if (mask is not { } given) return null;
        var fits = given.Rank == 3 ? given.Shape == [rows, queries, keys] : given.Shape == [rows, keys];
        if (!fits || given.DType.IsFloatingPoint)
        {
            throw new ArgumentException(
                $"{name} is whole numbers [batch, positions], here [{rows}, {keys}], or for each query [{rows}, {queries}, {keys}], "
                + $"found {given}", nameof(mask));
        }
        var flags = Tensor.Empty(given.Shape, DType.Int64);
        Backend.For(flags).Copy(given, flags);
        var values = flags.AsSpan<long>();
        if (!CausalMask.Look(values, keys).HasPadding) return null;
        return CausalMask.Additive(values, given.Rank == 3 ? [rows, 1, queries, keys] : [rows, 1, 1, keys], dtype);
    }

    /// <summary>The lowest number of a dtype; of float64 that of float32, which is low enough.</summary>
    public static double Lowest(DType dtype) => dtype switch
    {
        DType.Float16 => (double)Half.MinValue,
        DType.BFloat16 => -3.3895313892515355e38,
        _ => float.MinValue,
    };
}
