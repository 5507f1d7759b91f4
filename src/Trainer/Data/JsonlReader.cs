using System.Text;
using System.Text.Json;

namespace NativeTrainer.Data;

/// <summary>
/// Reads JSON Lines: an object in each line, the same columns in all. A column holds lists of numbers, single numbers or texts; lists and
/// numbers are whole as long as all of the column are. Empty lines are passed over.
/// </summary>
/// <param name="columns">The columns to read; others are skipped.</param>
internal sealed class JsonlReader(params IReadOnlyList<string> columns)
{
    private readonly List<(string Name, JsonColumn Values)> _columns = [];
    private readonly List<(string File, int FirstRow)> _files = [];
    private readonly List<int> _lines = [];
    private byte[] _utf8 = [];

    /// <summary>The names in a file's first row.</summary>
    public static IReadOnlyList<string> PeekColumns(string file)
    {
        foreach (var line in TextLines.ReadPlain(file).Where(l => !string.IsNullOrWhiteSpace(l)))
        {
            try
            {
                using var row = JsonDocument.Parse(line);
                if (row.RootElement.ValueKind == JsonValueKind.Object) return [.. row.RootElement.EnumerateObject().Select(p => p.Name)];
            }
            catch (JsonException)
            {
            }
            new JsonlReader().Add(file); // says what is wrong
        }
        throw new InvalidDataException($"{file}: is empty, expected a JSON object in each line");
    }

    /// <summary>Where a row stands: <c>rows.jsonl:12: row 11</c>.</summary>
    public string Where(int row)
    {
        var (file, first) = _files.Last(f => f.FirstRow <= row);
        return $"{file}:{_lines[row]}: row {row - first}";
    }

    /// <summary>Reads a file's rows.</summary>
    /// <exception cref="InvalidDataException">A line is broken or unlike the first.</exception>
    public void Add(string file)
    {
        _files.Add((file, _lines.Count));
        var number = 0;
        foreach (var line in TextLines.ReadPlain(file))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            _lines.Add(number);
            try
            {
                ReadRow(line);
            }
            catch (JsonException broken)
            {
                throw new InvalidDataException($"{file}:{number}: is no JSON object: {broken.Message}", broken);
            }
            catch (FormatException wrong)
            {
                throw new InvalidDataException($"{Where(_lines.Count - 1)} {wrong.Message}", wrong);
            }
        }
        if (_files[^1].FirstRow == _lines.Count) throw new InvalidDataException($"{file}: is empty, expected a JSON object in each line");
    }

    public ColumnDataset ToDataset() => new(_lines.Count, [.. _columns.Select(c => (c.Name, c.Values.Build()))]);

    private void ReadRow(string line)
    {
        if (_utf8.Length < Encoding.UTF8.GetMaxByteCount(line.Length)) _utf8 = new byte[Encoding.UTF8.GetMaxByteCount(line.Length)];
        var json = new Utf8JsonReader(_utf8.AsSpan(0, Encoding.UTF8.GetBytes(line, _utf8)));
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new FormatException("is no JSON object");
        string? extra = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            if (!columns.Contains(name))
            {
                json.Skip();
                continue;
            }
            var column = _columns.Find(c => c.Name == name).Values;
            if (column is null)
            {
                if (_lines.Count > 1) extra = name;
                _columns.Add((name, column = JsonColumn.For(name, json.TokenType)));
            }
            column.Add(ref json);
        }
        while (json.Read()) { } // what follows the object is no JSON
        foreach (var (name, values) in _columns)
        {
            if (values.Count < _lines.Count && name != extra) throw new FormatException($"has no {name}, expected it as in the first row");
            if (values.Count > _lines.Count) throw new FormatException($"has {name} twice");
        }
        if (extra is not null) throw new FormatException($"has {extra}, which the first row lacks");
    }
}
