namespace NativeTrainer.Data;

/// <summary>Rows that were read from files into memory, and where each of them stands.</summary>
public sealed class FileRows : IDataset
{
    private readonly ColumnDataset _rows;
    private readonly List<(string File, int First)> _files;
    private readonly long[] _lines; // empty where files have none

    private FileRows(ColumnDataset rows, List<(string File, int First)> files, long[] lines) =>
        (_rows, _files, _lines) = (rows, files, lines);

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Columns => _rows.Columns;

    /// <inheritdoc/>
    public Feature this[int row, string column] => _rows[row, column];

    /// <summary>The files, in the order of the rows.</summary>
    public IEnumerable<string> Files => _files.Select(file => file.File);

    /// <summary>A column; throws where there is none of this name.</summary>
    public DataColumn Column(string name) => _rows.Column(name);

    /// <summary>Where a row stands: <c>rows.jsonl:12: row 11</c>, for messages.</summary>
    public RowOrigin Origin(int row)
    {
        var (file, first) = _files.FindLast(f => f.First <= row);
        return new RowOrigin(file, row - first, row < _lines.Length ? _lines[row] : 0);
    }

    internal static FileRows Of(IEnumerable<DataRow> rows)
    {
        var (builders, files, lines, count) = (new List<ColumnBuilder>(), new List<(string, int)>(), new List<long>(), 0);
        string? file = null;
        foreach (var row in rows)
        {
            if (row.Origin.File != file) files.Add((file = row.Origin.File, count));
            lines.Add(row.Origin.Line);
            for (var i = 0; i < row.Columns.Count; i++)
            {
                var isNext = i < builders.Count && builders[i].Name == row.Columns[i];
                var builder = isNext ? builders[i] : Find(builders, row.Columns[i], count);
                builder.Add(row.Values[i], row.Origin);
            }
            count++;
            foreach (var builder in builders)
            {
                if (builder.Count < count) builder.Add(default, default);
            }
        }
        if (lines.TrueForAll(line => line == 0)) lines.Clear();
        return new FileRows(new ColumnDataset(count, [.. builders.Select(b => (b.Name, b.Build()))]), files, [.. lines]);
    }

    private static ColumnBuilder Find(List<ColumnBuilder> builders, string name, int count)
    {
        if (builders.Find(builder => builder.Name == name) is { } known) return known;
        var added = new ColumnBuilder(name);
        added.AddNulls(count);
        builders.Add(added);
        return added;
    }
}
