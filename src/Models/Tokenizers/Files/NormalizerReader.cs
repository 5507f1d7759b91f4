using System.Text.Json;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>Reads the <c>normalizer</c> of tokenizer.json, and patterns.</summary>
internal static class NormalizerReader
{
    private const string Types = "BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Replace, Prepend, Precompiled, Nmt,"
        + " Sequence";

    /// <exception cref="NotSupportedException">It is of an unknown type.</exception>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    public static INormalizer Read(JsonPart part)
    {
        switch (part.Type)
        {
            case "BertNormalizer":
                return new BertNormalizer(
                    part.Flag("clean_text", true), part.Flag("handle_chinese_chars", true),
                    part.Part("strip_accents") is null ? null : part.Flag("strip_accents", false), part.Flag("lowercase", true));
            case "NFC": return new UnicodeNormalizer(isCompatible: false, composes: true);
            case "NFD": return UnicodeNormalizer.Decomposed;
            case "NFKC": return new UnicodeNormalizer(isCompatible: true, composes: true);
            case "NFKD": return new UnicodeNormalizer(isCompatible: true, composes: false);
            case "Lowercase": return Lowercase.Instance;
            case "Strip": return new StripNormalizer(part.Flag("strip_left", true), part.Flag("strip_right", true));
            case "StripAccents": return new StripAccents();
            case "Replace": return new Replace(ReadPattern(part), part.Text("content"));
            case "Prepend": return new Prepend(part.Text("prepend"));
            case "Nmt": return new Nmt();
            case "Precompiled": return ReadPrecompiled(part);
            case "Sequence": return new SequenceNormalizer([.. part.List("normalizers").Select(Read)]);
            default: throw part.Refuse(Types);
        }
    }

    /// <summary>Reads a <c>pattern</c>: <c>{"String": ...}</c> or <c>{"Regex": ...}</c>.</summary>
    public static IPattern ReadPattern(JsonPart part) => ReadPattern(part, out _);

    /// <inheritdoc cref="ReadPattern(JsonPart)"/>
    public static IPattern ReadPattern(JsonPart part, out string? regex)
    {
        regex = null;
        var pattern = part.Required("pattern");
        if (pattern.Part("String") is not null) return new LiteralPattern(pattern.Text("String"));
        if (pattern.Part("Regex") is null) throw pattern.Wrong("an object with String or Regex");
        regex = pattern.Text("Regex");
        try
        {
            return new RegexPattern(regex);
        }
        catch (FormatException wrong)
        {
            throw new InvalidDataException($"{part.File.Path}: {pattern.Name}: {wrong.Message}", wrong);
        }
    }

    private static Precompiled ReadPrecompiled(JsonPart part)
    {
        var text = part.Required("precompiled_charsmap");
        if (text.Element.ValueKind != JsonValueKind.String || !text.Element.TryGetBytesFromBase64(out var bytes))
            throw text.Wrong("a text in base 64");
        try
        {
            return new(bytes);
        }
        catch (FormatException wrong)
        {
            throw new InvalidDataException($"{part.File.Path}: {text.Name}: {wrong.Message}", wrong);
        }
    }
}
