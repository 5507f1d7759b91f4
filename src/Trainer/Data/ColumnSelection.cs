namespace NativeTrainer.Data;

/// <summary>A data set with some of its columns hidden: those that the model does not take (<c>remove_unused_columns</c>).</summary>
public sealed class ColumnSelection : IDataset
{
    private readonly IDataset _dataset;

    /// <summary>Keeps the columns that <paramref name="isWanted"/> says.</summary>
    public ColumnSelection(IDataset dataset, Func<string, bool> isWanted)
    {
        _dataset = dataset;
        Columns = [.. dataset.Columns.Where(isWanted)];
    }

    /// <inheritdoc/>
    public int Count => _dataset.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Columns { get; }

    /// <inheritdoc/>
    public Feature this[int row, string column] => _dataset[row, column];
}
