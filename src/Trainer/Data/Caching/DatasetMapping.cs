namespace NativeTrainer.Data;

/// <summary>Rows made of rows, and kept.</summary>
public static class DatasetMapping
{
    /// <summary>Another row for each row, in memory. With a cache the function runs once for files of the same content.</summary>
    /// <param name="rows">Rows that were read from files.</param>
    /// <param name="make">Makes a row; the kinds of its columns are the same in all rows.</param>
    /// <param name="fingerprint">The function's name and all that changes what it gives; change it when you change the function.</param>
    /// <param name="cache">Where the result is kept; null: nowhere.</param>
    public static IDataset Map(this FileRows rows, Func<DataRow, DataRow> make, string fingerprint, DatasetCache? cache = null)
    {
        if (cache is null) return Make();
        var columns = string.Join('\n', rows.Columns); // files alone do not say which of their columns were read
        return cache.GetOrAdd(DatasetCache.Key(rows.Files, $"map\n{fingerprint}\n{columns}\n{rows.Count}"), Make);

        IDataset Make() => FileRows.Of(rows.AsStream().Map(make).Rows());
    }
}
