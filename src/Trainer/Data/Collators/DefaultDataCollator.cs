using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Data;

/// <summary>
/// Makes tensors without padding, as transformers' <c>default_data_collator</c>: a column <c>label</c>, else <c>label_ids</c>, becomes
/// <c>labels</c>; texts and columns that the first row lacks are left out.
/// </summary>
public sealed class DefaultDataCollator : Collator
{
    private const string Labels = "labels", Label = "label", LabelIds = "label_ids";

    /// <inheritdoc/>
    public override Batch Collate(IDataset dataset, ReadOnlySpan<int> rows)
    {
        var (batch, columns) = (new Batch(), dataset.Columns);
        if (FeatureTensors.Has(dataset, rows, Label)) batch.Add(Labels, LabelsOf(dataset, rows));
        else if (FeatureTensors.Has(dataset, rows, LabelIds)) batch.Add(Labels, FeatureTensors.Stack(dataset, rows, LabelIds));
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            if (column is Label or LabelIds) continue;
            if (dataset[rows[0], column].Kind is FeatureKind.None or FeatureKind.Text or FeatureKind.Texts) continue;
            batch[column] = FeatureTensors.Stack(dataset, rows, column);
        }
        return batch;
    }

    // The first row decides: after a whole number the others are cut to whole ones, after a real one all are real.
    private static Tensor LabelsOf(IDataset dataset, ReadOnlySpan<int> rows)
    {
        var first = dataset[rows[0], Label].Kind;
        if (first is not (FeatureKind.Int or FeatureKind.Bool or FeatureKind.Float)) return FeatureTensors.Stack(dataset, rows, Label);
        var labels = Tensor.Empty([rows.Length], first == FeatureKind.Float ? DType.Float32 : DType.Int64);
        for (var i = 0; i < rows.Length; i++)
        {
            var feature = dataset[rows[i], Label];
            if (!feature.IsScalar) throw FeatureTensors.Wrong(rows[i], Label, $"no single number, expected one as in row {rows[0]}");
            if (first == FeatureKind.Float) labels.AsSpan<float>()[i] = (float)feature.Number;
            else labels.AsSpan<long>()[i] = (long)feature.Number;
        }
        return labels;
    }
}
