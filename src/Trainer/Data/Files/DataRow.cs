namespace NativeTrainer.Data;

/// <summary>One row by itself, with named values: what files and streams give one after another.</summary>
/// <param name="columns">The names; one list may serve many rows.</param>
/// <param name="values">The values, in the order of the names. Not copied.</param>
/// <example><code>
/// var row = new DataRow(["text", "label"], [Feature.Of("fine"), Feature.Of(1L)]);
/// </code></example>
public sealed class DataRow(IReadOnlyList<string> columns, Feature[] values)
{
    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns => columns;

    /// <summary>The values, in the order of <see cref="Columns"/>.</summary>
    public ReadOnlySpan<Feature> Values => values.AsSpan(0, columns.Count);

    /// <summary>Where the row comes from, such as <c>rows.jsonl:12: row 11</c>; empty where nothing is known.</summary>
    public RowOrigin Origin { get; init; }

    /// <summary>A value by name; of kind None where the row has none of this name.</summary>
    public Feature this[string column]
    {
        get
        {
            for (var i = 0; i < columns.Count; i++)
            {
                if (columns[i] == column) return values[i];
            }
            return default;
        }
    }
}

/// <summary>Where a row stands.</summary>
/// <param name="File">The file, as the user wrote it.</param>
/// <param name="Row">The number of the row in it, from 0.</param>
/// <param name="Line">The number of its line, from 1; 0 where files have no lines.</param>
public readonly record struct RowOrigin(string File, long Row, long Line)
{
    /// <summary><c>rows.jsonl:12: row 11</c>.</summary>
    public override string ToString() => File is null ? "" : Line > 0 ? $"{File}:{Line}: row {Row}" : $"{File}: row {Row}";
}
