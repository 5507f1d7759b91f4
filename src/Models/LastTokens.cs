using NativeTrainer.Autograd;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>The state by which a decoder classifies a whole text: that of its last token.</summary>
internal static class LastTokens
{
    /// <summary>Of hidden states [batch, length, size] one of each row, [batch, size].</summary>
    /// <remarks>
    /// As Hugging Face 4.37 has it: the token before the first padding; the last position where there is no padding, or where the row begins
    /// with it, or where embeddings are given in place of ids.
    /// </remarks>
    /// <exception cref="ArgumentException">Several rows, and the configuration has no padding.</exception>
    public static Tensor Of(Tensor hidden, Tensor? inputIds, PretrainedConfig config)
    {
        var (rows, length) = ((int)hidden.Size(0), (int)hidden.Size(1));
        if (config.PadTokenId is null && rows > 1)
        {
            throw new ArgumentException(
                $"{rows} texts at once need padding, and pad_token_id is null: set it in the configuration, or take batches of one");
        }
        var places = Tensor.Empty([rows], DType.Int64);
        var values = places.AsSpan<long>();
        for (var row = 0; row < rows; row++) values[row] = (((long)row + 1) * length) - 1;
        if (inputIds is { } given && config.PadTokenId is { } padding)
        {
            var ids = Tensor.Empty(given.Shape, DType.Int64);
            Backend.For(ids).Copy(given, ids);
            for (var row = 0; row < rows; row++)
            {
                var first = ids.AsSpan<long>().Slice(row * length, length).IndexOf(padding);
                if (first > 0) values[row] = ((long)row * length) + first - 1;
            }
        }
        return hidden.Reshape(-1, hidden.Size(2)).Embedding(places);
    }
}
