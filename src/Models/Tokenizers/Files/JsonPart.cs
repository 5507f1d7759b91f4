using System.Text.Json;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>A part of a tokenizer's JSON file, with errors that name the file and the part.</summary>
internal readonly record struct JsonPart(TokenizerFile File, string Name, JsonElement Element)
{
    /// <summary>The part's <c>type</c>.</summary>
    public string Type => Text("type");

    /// <summary>A part within, if it is there and not null.</summary>
    public JsonPart? Part(string name) =>
        TokenizerFile.TryGet(Element, name, out var value) ? new JsonPart(File, $"{Name}.{name}", value) : null;

    /// <summary>A part within.</summary>
    /// <exception cref="InvalidDataException">It is missing.</exception>
    public JsonPart Required(string name) => Part(name) ?? throw File.Wrong($"{Name} has no {name}");

    /// <summary>The parts of a list.</summary>
    public IEnumerable<JsonPart> List(string name)
    {
        var list = Required(name);
        if (list.Element.ValueKind != JsonValueKind.Array) throw list.Wrong("a list");
        var index = 0;
        foreach (var element in list.Element.EnumerateArray()) yield return new(File, $"{list.Name}[{index++}]", element);
    }

    /// <summary>A text; the default where it is missing or null, an error where there is no default.</summary>
    public string Text(string name, string? missing = null)
    {
        if (Part(name) is not { } part) return missing ?? throw File.Wrong($"{Name} has no {name}");
        return part.Element.ValueKind == JsonValueKind.String ? part.Element.GetString()! : throw part.Wrong("a text");
    }

    /// <summary>True or false; the default where it is missing or null.</summary>
    public bool Flag(string name, bool missing)
    {
        if (Part(name) is not { } part) return missing;
        return part.Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? part.Element.GetBoolean() : throw part.Wrong("true or false");
    }

    /// <summary>A whole number from 0 up; the default where it is missing or null, an error where there is no default.</summary>
    public int Count(string name, int? missing = null)
    {
        if (Part(name) is not { } part) return missing ?? throw File.Wrong($"{Name} has no {name}");
        return part.Element.ValueKind == JsonValueKind.Number && part.Element.TryGetInt32(out var count) && count >= 0
            ? count
            : throw part.Wrong("a whole number from 0 up");
    }

    /// <summary>One of several names.</summary>
    public T Choice<T>(string name, T? missing, params (string Name, T Value)[] choices)
        where T : struct
    {
        if (missing is { } value && Part(name) is null) return value;
        var text = Text(name);
        foreach (var choice in choices)
        {
            if (choice.Name == text) return choice.Value;
        }
        throw Required(name).Wrong(string.Join(", ", choices.Select(choice => choice.Name)));
    }

    /// <summary>What to throw where the part is something else than expected.</summary>
    public InvalidDataException Wrong(string expected)
    {
        var found = Element.GetRawText();
        return File.Wrong($"{Name} is {(found.Length > 100 ? found[..100] + "..." : found)}, expected {expected}");
    }

    /// <summary>What to throw where the part's type is none of those that there are.</summary>
    public NotSupportedException Refuse(string types) => new($"{File.Path}: {Name} is {Type}, which is not supported; there are {types}");
}
