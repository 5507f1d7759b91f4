using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// Rows of a table by number. Gradient: each row of g added to the row of the table that it came from, in order; a parameter's buffer takes
/// them directly.
/// </summary>
public static class EmbeddingOperation
{
    extension(Tensor weight)
    {
        /// <summary>The rows that <paramref name="ids"/> (int64 or int32, any shape) name, in a new last axis.</summary>
        /// <param name="ids">Numbers from 0 up to the rows of this table [rows, size].</param>
        /// <param name="paddingIdx">A row that is looked up as it is and gets no gradient; negative ones count from the end.</param>
        /// <exception cref="ArgumentOutOfRangeException">An id or <paramref name="paddingIdx"/> names no row.</exception>
        public Tensor Embedding(Tensor ids, long? paddingIdx = null)
        {
            weight = Autocast.LowerEmbeddings(weight);
            if (weight.Rank != 2) throw new ArgumentException($"Embedding: the table is [rows, size], found {weight}");
            Check.WholeNumbers("Embedding", "ids", ids);
            if (weight.Device != ids.Device)
            {
                throw new ArgumentException($"Embedding: the table is on {weight.Device}, ids are on {ids.Device}");
            }
            var padding = paddingIdx < 0 ? paddingIdx.Value + weight.Size(0) : paddingIdx ?? -1;
            if (paddingIdx is not null && (ulong)padding >= (ulong)weight.Size(0))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(paddingIdx), paddingIdx, $"Embedding: a table of shape {weight.Shape} has no such row");
            }
            ids = Views.Contiguous(ids);
            var output = Tensor.Empty(ids.Shape.Insert(ids.Rank, weight.Size(1)), weight.DType, weight.Device);
            Backend.For(output).Embedding(Views.Contiguous(weight), ids, output);
            if (Tape.Record<EmbeddingBackward>(output, weight) is { } node)
            {
                (node.Weight, node.Padding) = (weight.Shape, padding);
                node.Save(ids);
            }
            return output;
        }
    }
}

internal sealed class EmbeddingBackward : Node
{
    public Shape Weight;
    public long Padding;

    protected internal override void Backward()
    {
        var gradient = Views.Contiguous(Gradient);
        var sums = Accumulator(0, Weight, gradient.DType, gradient.Device, out var isNew);
        Backend.For(sums).EmbeddingBackward(gradient, Saved(0), Padding, sums);
        if (isNew) Give(0, sums);
    }
}
