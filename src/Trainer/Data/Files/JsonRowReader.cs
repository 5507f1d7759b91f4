using System.Text;
using System.Text.Json;

namespace NativeTrainer.Data;

/// <summary>Reads rows that are JSON objects. The columns are those of the rows so far, in the order in which they first came.</summary>
internal sealed class JsonRowReader(FileRowsOptions options)
{
    private readonly List<int> _ints = [];
    private readonly List<float> _floats = [];
    private readonly List<string> _texts = [];
    private readonly List<Entry> _names = []; // as the file has them
    private readonly List<Feature> _values = []; // of the columns
    private string[] _columns = [];

    /// <summary>The row of an object.</summary>
    /// <exception cref="InvalidDataException">It is none, or holds what no column can.</exception>
    public DataRow Read(ReadOnlySpan<byte> utf8, RowOrigin origin)
    {
        try
        {
            var json = new Utf8JsonReader(utf8);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) throw new FormatException("is no JSON object");
            for (var i = 0; i < _values.Count; i++) _values[i] = default;
            Object(ref json, "");
            while (json.Read()) { } // what follows the object is no JSON
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{Place(origin)}: is no JSON object: {broken.Message}", broken);
        }
        catch (FormatException wrong)
        {
            throw new InvalidDataException($"{origin} {wrong.Message}", wrong);
        }
        return new DataRow(_columns, [.. _values]) { Origin = origin };
    }

    /// <summary>Refuses a file in which no row had a column that is asked for.</summary>
    public void CheckColumns(string file)
    {
        if (options.Columns?.FirstOrDefault(wanted => !_names.Exists(n => n.Name == wanted)) is { } missing)
            throw new InvalidDataException($"{file} has no column {missing}, found {string.Join(", ", _names.Select(n => n.Name))}");
    }

    private static string Place(RowOrigin origin) => origin.Line > 0 ? $"{origin.File}:{origin.Line}" : origin.ToString();

    private void Object(ref Utf8JsonReader json, string prefix)
    {
        var expected = 0; // files keep the order of names, so the next is mostly the one after the last
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var place = Find(ref json, prefix, expected);
            var entry = _names[place];
            expected = place + 1;
            json.Read();
            if (json.TokenType == JsonTokenType.StartObject) Object(ref json, entry.Name + ".");
            else if (!options.Wants(entry.Name) || entry.IsPassedOver) json.Skip();
            else Set(entry, Value(ref json, entry.Name));
        }
    }

    private int Find(ref Utf8JsonReader json, string prefix, int expected)
    {
        if (prefix.Length == 0 && expected < _names.Count && json.ValueTextEquals(_names[expected].Name)) return expected;
        var name = prefix + json.GetString();
        var place = _names.FindIndex(n => n.Name == name);
        if (place >= 0) return place;
        _names.Add(new Entry(name));
        return _names.Count - 1;
    }

    private void Set(Entry entry, Feature? value)
    {
        if (value is null)
        {
            if (entry.Column >= 0 || options.Columns is not null)
                throw new FormatException($"has in {entry.Name} a list that is none of numbers or texts");
            entry.IsPassedOver = true; // no column can hold it
            return;
        }
        if (entry.Column < 0)
        {
            entry.Column = _values.Count;
            _values.Add(default);
            _columns = [.. _columns, options.NameOf(entry.Name)]; // a new list: rows before keep theirs
        }
        if (_values[entry.Column].Kind != FeatureKind.None) throw new FormatException($"has {entry.Name} twice");
        _values[entry.Column] = value.Value;
    }

    private Feature? Value(ref Utf8JsonReader json, string name) => json.TokenType switch
    {
        JsonTokenType.Null => default(Feature),
        JsonTokenType.True => Feature.Of(true),
        JsonTokenType.False => Feature.Of(false),
        JsonTokenType.String => Feature.Of(Text(ref json, name)),
        JsonTokenType.Number => json.TryGetInt64(out var whole) ? Feature.Of(whole) : Feature.Of(json.GetDouble()),
        _ => List(ref json, name),
    };

    private Feature? List(ref Utf8JsonReader json, string name)
    {
        _ints.Clear();
        _floats.Clear();
        _texts.Clear();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            switch (json.TokenType)
            {
                case JsonTokenType.Number when _texts.Count == 0:
                    Number(ref json, name);
                    break;
                case JsonTokenType.String when _ints.Count == 0 && _floats.Count == 0:
                    _texts.Add(Text(ref json, name));
                    break;
                case JsonTokenType.StartArray or JsonTokenType.StartObject when _ints.Count == 0 && _floats.Count == 0 && _texts.Count == 0:
                    while (json.TokenType != JsonTokenType.EndArray)
                    {
                        json.Skip();
                        json.Read();
                    }
                    return null;
                default:
                    throw new FormatException($"has {Spell(ref json)} in {name}, expected a list of numbers");
            }
        }
        if (_texts.Count > 0) return Feature.Of([.. _texts], 0, _texts.Count);
        return _floats.Count > 0 ? Feature.Of([.. _floats], 0, _floats.Count) : Feature.Of([.. _ints], 0, _ints.Count);
    }

    private void Number(ref Utf8JsonReader json, string name)
    {
        if (_floats.Count == 0 && json.TryGetInt32(out var whole))
        {
            _ints.Add(whole);
            return;
        }
        if (_floats.Count == 0 && json.ValueSpan.IndexOfAny(".eE"u8) < 0)
            throw new FormatException($"has {Spell(ref json)} in {name}, expected numbers below 2147483648");
        if (_floats.Count == 0)
        {
            foreach (var before in _ints) _floats.Add(before);
        }
        _floats.Add(json.GetSingle());
    }

    private static string Text(ref Utf8JsonReader json, string name)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException broken) // half a surrogate pair
        {
            throw new FormatException($"has a text in {name} that is no Unicode: {broken.Message}", broken);
        }
    }

    private static string Spell(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.String => $"the text \"{Shorten(json.GetString()!)}\"",
        JsonTokenType.Number => Encoding.UTF8.GetString(json.ValueSpan),
        JsonTokenType.StartArray => "a list",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.Null => "null",
        JsonTokenType.True => "true",
        _ => "false",
    };

    private static string Shorten(string text) => text.Length > 30 ? text[..30] + "…" : text;

    private sealed class Entry(string name)
    {
        public string Name => name;

        public int Column { get; set; } = -1;

        public bool IsPassedOver { get; set; }
    }
}
