namespace NativeTrainer.Data;

/// <summary>Parts of data sets, without copying.</summary>
public static class DatasetViews
{
    /// <summary>Consecutive rows.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many.</param>
    public static IDataset Range(this IDataset dataset, int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + (long)count, dataset.Count, nameof(count));
        return count == dataset.Count ? dataset : new RowRange(dataset, start, count);
    }

    /// <summary>The first rows, or all where there are fewer: <c>max_train_samples</c>. Null means all.</summary>
    public static IDataset Take(this IDataset dataset, int? count) => dataset is IIterableDataset stream
        ? count is { } rows ? stream.Take((long)rows) : stream
        : dataset.Range(0, Math.Min(count ?? dataset.Count, dataset.Count));

    /// <summary>Cuts the first rows off, as <c>train[:5%]</c> and <c>train[5%:]</c> do: <c>validation_split_percentage</c>.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="percentage">How much of it, from 0 to 100; rounded to whole rows, half to even.</param>
    public static (IDataset First, IDataset Others) Split(this IDataset dataset, int percentage)
    {
        var count = (int)Math.Round(dataset.Count * (double)percentage / 100, MidpointRounding.ToEven);
        return (dataset.Range(0, count), dataset.Range(count, dataset.Count - count));
    }

    private sealed class RowRange(IDataset whole, int start, int count) : IDataset
    {
        public int Count => count;

        public IReadOnlyList<string> Columns => whole.Columns;

        public Feature this[int row, string column] => (uint)row < (uint)count
            ? whole[start + row, column]
            : throw new ArgumentOutOfRangeException(nameof(row), row, $"the data set has {count} rows");
    }
}
