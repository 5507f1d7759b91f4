namespace NativeTrainer.Data;

/// <summary>A stream with some of its columns hidden: those that the model does not take (<c>remove_unused_columns</c>).</summary>
internal sealed class StreamColumns(IIterableDataset stream, Func<string, bool> isWanted) : IIterableDataset
{
    public long? Length => stream.Length;

    public IReadOnlyList<string> Columns { get; } = [.. stream.Columns.Where(isWanted)];

    public IEnumerable<DataRow> Rows(long epoch = 0)
    {
        IReadOnlyList<string>? names = null;
        string[] kept = [];
        int[] places = [];
        foreach (var row in stream.Rows(epoch))
        {
            if (row.Columns != names)
            {
                names = row.Columns;
                places = [.. Enumerable.Range(0, names.Count).Where(i => isWanted(row.Columns[i]))];
                kept = [.. places.Select(i => row.Columns[i])];
            }
            var values = new Feature[places.Length];
            for (var i = 0; i < values.Length; i++) values[i] = row.Values[places[i]];
            yield return new DataRow(kept, values) { Origin = row.Origin };
        }
    }
}
