using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>The numbers of positions.</summary>
internal static class PositionIds
{
    /// <summary>[length] of int64: <paramref name="start"/>, <paramref name="start"/> + 1, …</summary>
    public static Tensor From(long start, long length)
    {
        var ids = Tensor.Empty([length], DType.Int64);
        var values = ids.AsSpan<long>();
        for (var i = 0; i < values.Length; i++) values[i] = start + i;
        return ids;
    }
}
