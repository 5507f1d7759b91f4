using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Data;

/// <summary>Pads every list to the longest row of the batch: token ids with the padding
/// id, labels with -100, masks and the rest with 0.</summary>
/// <remarks>
/// Whole numbers become int64, real ones float32. A column named <c>label</c> or <c>label_ids</c> becomes <c>labels</c>
/// (<c>label_ids</c> where there are both); text columns, and those that the first row lacks, are left out. Rows without an
/// <c>attention_mask</c> get one where they are padded.
/// </remarks>
/// <param name="padTokenId">What pads <c>input_ids</c>.</param>
/// <param name="addsMask">Whether a missing mask is made; not where the model takes none.</param>
public sealed class PaddingCollator(int padTokenId, bool addsMask = true)
{
    private const string Ids = "input_ids", Mask = "attention_mask", Labels = "labels", Label = "label", LabelIds = "label_ids";

    /// <summary>The <see cref="DataCollator"/>.</summary>
    public Batch Collate(IDataset dataset, ReadOnlySpan<int> rows)
    {
        var (batch, columns) = (new Batch(), dataset.Columns);
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            var kind = dataset[rows[0], column].Kind;
            if (kind is FeatureKind.None or FeatureKind.Text or FeatureKind.Texts
                || (column == Label && columns.Contains(LabelIds))) continue;
            var name = column is Label or LabelIds ? Labels : column;
            batch[name] = kind is FeatureKind.Int or FeatureKind.Float or FeatureKind.Bool
                ? Scalars(dataset, rows, column, kind)
                : Lists(dataset, rows, column, kind);
        }
        if (!addsMask || !batch.TryGet(Ids, out var ids) || batch.TryGet(Mask, out _)) return batch;
        if (IsPadded(dataset, rows, ids.Size(1))) batch[Mask] = MaskOf(dataset, rows, ids);
        return batch;
    }

    private static bool IsPadded(IDataset dataset, ReadOnlySpan<int> rows, long width)
    {
        foreach (var row in rows)
        {
            if (dataset[row, Ids].Length < width) return true;
        }
        return false;
    }

    private static Tensor MaskOf(IDataset dataset, ReadOnlySpan<int> rows, Tensor ids)
    {
        var mask = Tensor.Zeros(ids.Shape, DType.Int64);
        var width = (int)ids.Size(1);
        var target = mask.AsSpan<long>();
        for (var i = 0; i < rows.Length; i++) target.Slice(i * width, dataset[rows[i], Ids].Length).Fill(1);
        return mask;
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
        var padding = column switch
        {
            Ids => padTokenId,
            Labels or Label or LabelIds => -100,
            "special_tokens_mask" => 1,
            _ => 0,
        };
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
