using NativeTrainer.Data;

namespace NativeTrainer.Cli.Tasks;

/// <summary>The rows of one file argument as they stand there, before a task makes inputs of them.</summary>
internal sealed class TaskFile
{
    // Texts even where they look like numbers, in files that do not tell the two apart.
    private static readonly string[] TextColumns =
    [
        "text", "text_pair", "sentence", "sentence1", "sentence2", "premise", "hypothesis", "question", "context", "source", "target",
        "article", "document", "dialogue", "summary", "highlights", "answers.text",
    ];

    private readonly FileRows _rows;

    private TaskFile(string argument, string file, FileRows rows) => (Argument, FirstFile, _rows) = (argument, file, rows);

    /// <summary>The columns that there are.</summary>
    public IReadOnlyList<string> Columns => _rows.Columns;

    /// <summary>The rows.</summary>
    public IDataset Rows => _rows;

    /// <summary>The first of the files.</summary>
    public string FirstFile { get; }

    /// <summary>The argument that named the files.</summary>
    public string Argument { get; }

    /// <summary>Whether the rows are token ids.</summary>
    public bool IsTokenized => Columns.Contains("input_ids");

    /// <summary>Reads files.</summary>
    /// <param name="context">The arguments; columns that they name are texts even where all of them look like numbers.</param>
    /// <param name="argument">The argument that names the files.</param>
    /// <param name="patterns">Files, folders, globs.</param>
    public static TaskFile Read(TaskContext context, string argument, IReadOnlyList<string> patterns)
    {
        var task = context.Task;
        string?[] named =
        [
            task.TextColumnName, task.TextPairColumnName, task.QuestionColumnName, task.ContextColumnName, task.TextColumn,
            task.SummaryColumn,
        ];
        var options = new FileRowsOptions { Argument = argument, TextColumns = [.. TextColumns, .. named.OfType<string>()] };
        return new(argument, DataFiles.Find(patterns, argument)[0], DatasetFiles.Load(patterns, options));
    }

    /// <summary>The column of a name that was asked for, or of the first of the usual names that there is.</summary>
    /// <param name="option">The argument that asks for it.</param>
    /// <param name="asked">The name; null: one of the usual.</param>
    /// <param name="usual">The usual names, the likeliest first.</param>
    /// <exception cref="InvalidDataException">There is none; the message lists those that there are.</exception>
    public string Column(string option, string? asked, params IReadOnlyList<string> usual) =>
        FindColumn(option, asked, usual) ?? throw new InvalidDataException(
            $"{Argument}: {FirstFile} has the columns {string.Join(", ", Columns)}, expected {string.Join(" or ", usual)}; set {option}");

    /// <summary>The same; null where none was asked for and there is none of the usual names.</summary>
    public string? FindColumn(string option, string? asked, params IReadOnlyList<string> usual)
    {
        if (asked is null) return usual.FirstOrDefault(Columns.Contains);
        if (Columns.Contains(asked)) return asked;
        throw new InvalidDataException(
            $"{Argument}: {FirstFile} has no column {asked}, which {option} names, only {string.Join(", ", Columns)}");
    }

    /// <summary>The text of a row.</summary>
    /// <exception cref="InvalidDataException">It is none, or an empty one.</exception>
    public string Text(int row, string column)
    {
        var value = Rows[row, column];
        if (value.Kind != FeatureKind.Text) throw Wrong(row, $"has {Spell(value)} in {column}, expected a text");
        return string.IsNullOrWhiteSpace(value.Text) ? throw Wrong(row, $"has an empty text in {column}, expected some text") : value.Text;
    }

    /// <summary>All values of a column of labels, which are of one kind.</summary>
    /// <exception cref="InvalidDataException">A row has none, or another kind.</exception>
    public IEnumerable<Feature> Labels(string column)
    {
        var kind = Rows[0, column].Kind;
        for (var row = 0; row < Rows.Count; row++)
        {
            var label = Rows[row, column];
            if (label.Kind == kind && kind != FeatureKind.None) yield return label;
            else throw Wrong(row, $"has {Spell(label)} in {column}, expected a label as in the first row");
        }
    }

    /// <summary>The error that a row does not hold.</summary>
    /// <param name="row">The row.</param>
    /// <param name="problem">What is wrong, to be read after "row 3".</param>
    public InvalidDataException Wrong(int row, string problem) => new($"{_rows.Origin(row)} {problem}");

    /// <summary>A value in words.</summary>
    public static string Spell(Feature value) => value.Kind switch
    {
        FeatureKind.None => "nothing",
        FeatureKind.Int => $"{value.Int}",
        FeatureKind.Float => PythonJson.Write(value.Number),
        FeatureKind.Bool => value.Bool ? "true" : "false",
        FeatureKind.Text => $"\"{value.Text}\"",
        FeatureKind.Ints => "a list of whole numbers",
        FeatureKind.Floats => "a list of numbers",
        _ => "a list of texts",
    };
}
