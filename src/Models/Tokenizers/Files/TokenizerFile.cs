using System.Text.Json;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>A JSON file of a tokenizer folder, and errors that name it.</summary>
internal sealed class TokenizerFile
{
    private TokenizerFile(string path, JsonElement root) => (Path, Root) = (path, root);

    public string Path { get; }

    public JsonElement Root { get; }

    /// <summary>Reads a file; null where there is none.</summary>
    /// <exception cref="InvalidDataException">It is no JSON object.</exception>
    public static TokenizerFile? Read(string folder, string name)
    {
        var path = System.IO.Path.Combine(folder, name);
        if (!File.Exists(path)) return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var file = new TokenizerFile(path, document.RootElement.Clone());
            return file.Root.ValueKind == JsonValueKind.Object
                ? file
                : throw file.Wrong($"holds {file.Root.ValueKind}, expected an object");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{path}: is no JSON: {broken.Message}", broken);
        }
    }

    /// <summary>A property that is there and not null.</summary>
    public static bool TryGet(JsonElement element, string name, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value)
            && value.ValueKind != JsonValueKind.Null;
    }

    public InvalidDataException Wrong(string problem) => new($"{Path}: {problem}");

    /// <summary>A flag of a part, with the value it has when it is missing.</summary>
    public bool Flag(JsonElement part, string name, bool missing)
    {
        if (!TryGet(part, name, out var value)) return missing;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Wrong($"{name} is {value.GetRawText()}, expected true or false");
    }

    /// <summary>A vocabulary: an object of tokens and ids.</summary>
    public Dictionary<string, int> Vocabulary(JsonElement vocab)
    {
        if (vocab.ValueKind != JsonValueKind.Object) throw Wrong($"vocab is {vocab.ValueKind}, expected an object of tokens and ids");
        var ids = new Dictionary<string, int>();
        foreach (var entry in vocab.EnumerateObject())
        {
            var (token, value) = (JsonEncodedText.Encode(entry.Name), entry.Value);
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var id) || id < 0)
                throw Wrong($"token {token} has the id {value.GetRawText()}, expected a whole number from 0 up");
            if (!ids.TryAdd(entry.Name, id)) throw Wrong($"token {token} is twice in the vocabulary");
        }
        return ids;
    }
}
