using System.Text;
using System.Text.Json;

namespace NativeTrainer.Data;

/// <summary>Collects the values of one column of JSON rows.</summary>
internal abstract class JsonColumn(string name)
{
    /// <summary>How many values.</summary>
    public abstract int Count { get; }

    /// <summary>A column for values like this one.</summary>
    public static JsonColumn For(string name, JsonTokenType first) => first switch
    {
        JsonTokenType.StartArray => new Lists(name),
        JsonTokenType.Number => new Numbers(name),
        JsonTokenType.String => new Texts(name),
        _ => throw new FormatException($"has {Spell(first)} in {name}, expected a list of numbers, a number or a text"),
    };

    /// <summary>Takes the value at which the reader stands, and leaves the reader at its end.</summary>
    public abstract void Add(ref Utf8JsonReader json);

    public abstract DataColumn Build();

    private FormatException Unlike(ref Utf8JsonReader json, string expected) =>
        new($"has {Spell(ref json)} in {name}, expected {expected}");

    private static string Spell(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.String => $"the text \"{Shorten(json.GetString()!)}\"",
        JsonTokenType.Number => Encoding.UTF8.GetString(json.ValueSpan),
        var type => Spell(type),
    };

    private static string Spell(JsonTokenType type) => type switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.Null => "null",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => type.ToString(),
    };

    private static string Shorten(string text) => text.Length > 30 ? text[..30] + "…" : text;

    private sealed class Lists(string name) : JsonColumn(name)
    {
        private readonly List<int> _starts = [0];
        private readonly List<int> _ints = [];
        private List<float>? _floats; // from the first number with a fraction on

        public override int Count => _starts.Count - 1;

        public override void Add(ref Utf8JsonReader json)
        {
            if (json.TokenType != JsonTokenType.StartArray) throw Unlike(ref json, "a list of numbers, as in the first row");
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (json.TokenType != JsonTokenType.Number) throw Unlike(ref json, "a list of numbers");
                if (_floats is null && json.TryGetInt32(out var whole)) _ints.Add(whole);
                else if (_floats is null && json.ValueSpan.IndexOfAny(".eE"u8) < 0) throw Unlike(ref json, "numbers below 2147483648");
                else (_floats ??= [.. _ints.Select(i => (float)i)]).Add(json.GetSingle());
            }
            _starts.Add(_floats?.Count ?? _ints.Count);
        }

        public override DataColumn Build() =>
            _floats is null ? new IntsColumn([.. _ints], [.. _starts]) : new FloatsColumn([.. _floats], [.. _starts]);
    }

    private sealed class Numbers(string name) : JsonColumn(name)
    {
        private readonly List<double> _values = [];
        private bool _areWhole = true;

        public override int Count => _values.Count;

        public override void Add(ref Utf8JsonReader json)
        {
            if (json.TokenType != JsonTokenType.Number) throw Unlike(ref json, "a number, as in the first row");
            _areWhole &= json.TryGetInt64(out _);
            _values.Add(json.GetDouble());
        }

        public override DataColumn Build() => new NumbersColumn([.. _values], _areWhole);
    }

    private sealed class Texts(string name) : JsonColumn(name)
    {
        private readonly List<string> _values = [];

        public override int Count => _values.Count;

        public override void Add(ref Utf8JsonReader json)
        {
            if (json.TokenType != JsonTokenType.String) throw Unlike(ref json, "a text, as in the first row");
            _values.Add(json.GetString()!);
        }

        public override DataColumn Build() => new TextColumn(_values);
    }
}
