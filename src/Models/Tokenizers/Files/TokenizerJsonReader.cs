using System.Text.Json;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>Reads <c>tokenizer.json</c>. A part of a type that is not known is refused, and named with the file.</summary>
internal static class TokenizerJsonReader
{
    /// <exception cref="NotSupportedException">A part is of an unknown type.</exception>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public static TokenizerParts Read(TokenizerFile file)
    {
        var model = ModelReader.Read(Part("model") ?? throw file.Wrong("has no model"));
        var parts = new TokenizerParts(model)
        {
            Normalizer = Part("normalizer") is { } normalizer ? NormalizerReader.Read(normalizer) : null,
            PreTokenizer = Part("pre_tokenizer") is { } cutting ? PreTokenizerReader.Read(cutting) : null,
            PostProcessor = Part("post_processor") is { } processor ? PostProcessorReader.Read(processor) : null,
            Decoder = Part("decoder") is { } decoder ? DecoderReader.Read(decoder) : null,
            Added = ReadAdded(file),
        };
        if (Part("truncation") is { } truncation) parts = parts with { TruncatesLeft = IsLeft(truncation) };
        if (Part("padding") is not { } padding) return parts;
        return parts with
        {
            PadsLeft = IsLeft(padding),
            PadTypeId = padding.Count("pad_type_id", 0),
            Named = padding.Part("pad_token") is null ? parts.Named : new Dictionary<string, string> { ["pad_token"] = padding.Text("pad_token") },
        };

        JsonPart? Part(string name) => TokenizerFile.TryGet(file.Root, name, out var value) ? new JsonPart(file, name, value) : null;

        static bool IsLeft(JsonPart part) => part.Choice<bool>("direction", false, ("Left", true), ("Right", false));
    }

    private static List<AddedToken> ReadAdded(TokenizerFile file)
    {
        var added = new List<AddedToken>();
        if (!TokenizerFile.TryGet(file.Root, "added_tokens", out var list)) return added;
        if (list.ValueKind != JsonValueKind.Array) throw file.Wrong($"added_tokens is {list.ValueKind}, expected a list");
        foreach (var element in list.EnumerateArray())
        {
            if (!TokenizerFile.TryGet(element, "id", out var id) || id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out var number))
                throw file.Wrong($"the added token {added.Count} has no id");
            added.Add(AddedToken.Read(file, element, number));
        }
        return added;
    }
}
