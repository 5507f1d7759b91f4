namespace NativeTrainer.Data;

/// <summary>How rows are read from files.</summary>
public sealed record FileRowsOptions
{
    /// <summary>The columns to read, by the files' names; a file that lacks one is refused. Null: all that hold numbers, texts or lists of
    /// them.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Other names for columns: the files' name, the name to use.</summary>
    public IReadOnlyDictionary<string, string>? Rename { get; init; }

    /// <summary>
    /// Columns of .csv and .tsv files that are texts whatever stands in them; others are numbers where all their values are.
    /// </summary>
    public IReadOnlyList<string> TextColumns { get; init; } = [];

    /// <summary>Whether the rows of a .txt keep their line breaks.</summary>
    public bool KeepLinebreaks { get; init; }

    /// <summary>The argument that names the files, for messages.</summary>
    public string Argument { get; init; } = "files";

    /// <summary>Whether all of a .csv file says what its columns hold, or its first rows alone.</summary>
    internal bool ScansWholeFiles { get; init; }

    internal bool Wants(string column) => Columns is null || Columns.Contains(column);

    internal string NameOf(string column) => Rename?.GetValueOrDefault(column) ?? column;
}
