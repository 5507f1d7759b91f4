namespace NativeTrainer.Data;

/// <summary>Reads the rows of one kind of file, one after another.</summary>
internal abstract class RowFormat
{
    private static readonly Dictionary<string, RowFormat> ByExtension = new()
    {
        ["jsonl"] = new JsonFormat(), ["ndjson"] = new JsonFormat(), ["json"] = new JsonFormat(),
        ["csv"] = new CsvFormat(','), ["tsv"] = new CsvFormat('\t'), ["txt"] = new TextFormat(),
        ["parquet"] = new ParquetFormat(), ["arrow"] = new ArrowFormat(), ["feather"] = new ArrowFormat(), ["ipc"] = new ArrowFormat(),
    };

    /// <summary>The extensions that name a format, without the dot.</summary>
    public static IReadOnlyCollection<string> Extensions => ByExtension.Keys;

    /// <summary>The format of a file by its extension; other files are text.</summary>
    public static RowFormat Of(string file) => ByExtension.GetValueOrDefault(FileContent.Kind(file)) ?? ByExtension["txt"];

    /// <summary>The rows, from the first.</summary>
    /// <exception cref="InvalidDataException">The file is missing, empty or broken, or lacks a column that is asked for.</exception>
    public abstract IEnumerable<DataRow> Read(string file, FileRowsOptions options);

    /// <summary>Refuses a file that lacks a column that is asked for.</summary>
    protected static void CheckColumns(string where, IReadOnlyCollection<string> found, FileRowsOptions options)
    {
        if (options.Columns?.FirstOrDefault(wanted => !found.Contains(wanted)) is { } missing)
            throw new InvalidDataException($"{where} has no column {missing}, found {string.Join(", ", found)}");
    }
}
