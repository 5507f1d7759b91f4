using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Data;

/// <summary>Pads every list to the longest row of the batch: token ids with the padding id, labels with -100, masks and the rest with 0.</summary>
/// <remarks>Whole numbers become int64, real ones float32. A column named <c>label</c> or <c>label_ids</c> becomes <c>labels</c>; text columns are left out.</remarks>
/// <param name="padTokenId">What pads <c>input_ids</c>.</param>
public sealed class PaddingCollator(int padTokenId)
{
    /// <summary>The <see cref="DataCollator"/>.</summary>
    public Batch Collate(IDataset dataset, ReadOnlySpan<int> rows)
    {
        var batch = new Batch();
        foreach (var column in dataset.Columns)
        {
            var kind = dataset[rows[0], column].Kind;
            if (kind is FeatureKind.None or FeatureKind.Text) continue;
            var name = column is "label" or "label_ids" ? "labels" : column;
            batch[name] = kind is FeatureKind.Int or FeatureKind.Float ? Scalars(dataset, rows, column, kind) : Lists(dataset, rows, column, kind);
        }
        return batch;
    }

    private static Tensor Scalars(IDataset dataset, ReadOnlySpan<int> rows, string column, FeatureKind kind)
    {
        if (kind == FeatureKind.Float)
        {
            var reals = Tensor.Empty([rows.Length], DType.Float32);
            var target = reals.AsSpan<float>();
            for (var i = 0; i < rows.Length; i++) target[i] = (float)dataset[rows[i], column].Number;
            return reals;
        }
        var wholes = Tensor.Empty([rows.Length], DType.Int64);
        var numbers = wholes.AsSpan<long>();
        for (var i = 0; i < rows.Length; i++) numbers[i] = dataset[rows[i], column].Int;
        return wholes;
    }

    private Tensor Lists(IDataset dataset, ReadOnlySpan<int> rows, string column, FeatureKind kind)
    {
        var width = 0;
        foreach (var row in rows) width = Math.Max(width, dataset[row, column].Length);
        if (kind == FeatureKind.Floats)
        {
            var reals = Tensor.Zeros([rows.Length, width]);
            for (var i = 0; i < rows.Length; i++) dataset[rows[i], column].Floats.CopyTo(reals.AsSpan<float>().Slice(i * width, width));
            return reals;
        }
        var padding = column == "labels" ? -100 : column == "input_ids" ? padTokenId : 0;
        var wholes = Tensor.Empty([rows.Length, width], DType.Int64);
        var target = wholes.AsSpan<long>();
        for (var i = 0; i < rows.Length; i++)
        {
            var values = dataset[rows[i], column].Ints;
            var line = target.Slice(i * width, width);
            for (var j = 0; j < values.Length; j++) line[j] = values[j];
            line[values.Length..].Fill(padding);
        }
        return wholes;
    }
}
