namespace NativeTrainer.Data;

/// <summary>A data set's rows as a stream, from the first to the last; and rows of one's own.</summary>
public static class DatasetStream
{
    /// <summary>The rows of a data set one after another, to be mapped, filtered or shuffled as a stream.</summary>
    public static IIterableDataset AsStream(this IDataset dataset) =>
        dataset as IIterableDataset ?? new Given(dataset.Columns, dataset.Count, _ => Rows(dataset));

    /// <summary>Rows that a function gives.</summary>
    /// <param name="columns">The names of their columns.</param>
    /// <param name="rows">Begins a pass, given its number.</param>
    /// <param name="length">How many rows a pass has; null where that is not known.</param>
    public static IIterableDataset Of(IReadOnlyList<string> columns, Func<long, IEnumerable<DataRow>> rows, long? length = null) =>
        new Given(columns, length, rows);

    private static IEnumerable<DataRow> Rows(IDataset dataset)
    {
        for (var row = 0; row < dataset.Count; row++)
        {
            var values = new Feature[dataset.Columns.Count];
            for (var i = 0; i < values.Length; i++) values[i] = dataset[row, dataset.Columns[i]];
            yield return new DataRow(dataset.Columns, values);
        }
    }

    private sealed class Given(IReadOnlyList<string> columns, long? length, Func<long, IEnumerable<DataRow>> rows) : IIterableDataset
    {
        public long? Length => length;

        public IReadOnlyList<string> Columns => columns;

        public IEnumerable<DataRow> Rows(long epoch = 0) => rows(epoch);
    }
}
