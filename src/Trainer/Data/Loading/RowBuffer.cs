namespace NativeTrainer.Data;

/// <summary>A few rows of a stream as a data set: what a batch is collated of. The first row names the columns.</summary>
internal sealed class RowBuffer(int capacity) : IDataset
{
    private readonly DataRow[] _rows = new DataRow[capacity];

    public int Count { get; private set; }

    public IReadOnlyList<string> Columns => Count > 0 ? _rows[0].Columns : [];

    public Feature this[int row, string column] => (uint)row < (uint)Count
        ? _rows[row][column]
        : throw new ArgumentOutOfRangeException(nameof(row), row, $"the batch has {Count} rows");

    public void Add(DataRow row) => _rows[Count++] = row;

    /// <summary>What a message about a row of the batch should say of its origin.</summary>
    public RowOrigin Origin(int row) => _rows[row].Origin;
}
