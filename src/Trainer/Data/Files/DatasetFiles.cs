namespace NativeTrainer.Data;

/// <summary>
/// Rows of files: JSON Lines, JSON lists, CSV, TSV, text, Parquet, Arrow files and streams; by extension, so that kinds may be mixed. All
/// but Parquet may be packed (.gz).
/// </summary>
/// <example><code>
/// var rows = DatasetFiles.Load(["mail/*.csv"], new() { Columns = ["body", "spam"] });
/// Console.WriteLine(rows[0, "body"].Text);
/// </code></example>
public static class DatasetFiles
{
    /// <summary>Reads all rows into memory.</summary>
    /// <param name="patterns">Files, folders and globs; see <see cref="DataFiles.Find"/>.</param>
    /// <param name="options">Which columns, and how.</param>
    /// <exception cref="InvalidDataException">A file is missing, empty or broken, lacks a column, or has a row that is unlike the others:
    /// file, row and column are named.</exception>
    public static FileRows Load(IReadOnlyList<string> patterns, FileRowsOptions? options = null)
    {
        options = (options ?? new()) with { ScansWholeFiles = true };
        return FileRows.Of(DataFiles.Find(patterns, options.Argument).SelectMany(file => Read(file, options)));
    }

    /// <summary>The rows as a stream that is read while they are asked for: for data larger than memory.</summary>
    /// <param name="patterns">Files, folders and globs; read in this order.</param>
    /// <param name="options">Which columns, and how.</param>
    /// <exception cref="InvalidDataException">A file is missing. What is wrong within files is said when they are read.</exception>
    public static IIterableDataset Stream(IReadOnlyList<string> patterns, FileRowsOptions? options = null)
    {
        options ??= new();
        return new FileStreamDataset(DataFiles.Find(patterns, options.Argument), options);
    }

    /// <summary>Reads the rows of one file, one after another, while they are asked for.</summary>
    public static IEnumerable<DataRow> Read(string file, FileRowsOptions? options = null) =>
        RowFormat.Of(file).Read(file, options ?? new());

    /// <summary>The names of a file's columns, as its first row has them.</summary>
    public static IReadOnlyList<string> Columns(string file) =>
        Read(file).FirstOrDefault()?.Columns ?? throw new InvalidDataException($"{file}: is empty, expected rows");
}
