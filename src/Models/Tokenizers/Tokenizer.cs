namespace NativeTrainer.Models.Tokenizers;

/// <summary>Loads tokenizers from Hugging Face folders.</summary>
/// <example><code>
/// var tokenizer = Tokenizer.FromPretrained("path/to/gpt2");
/// int[] ids = tokenizer.Encode("Hello world");
/// </code></example>
public static class Tokenizer
{
    private static readonly string[] Files =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt", "vocab.txt", "spiece.model",
        "tokenizer.model", "added_tokens.json", "chat_template.jinja",
    ];

    /// <summary>
    /// Reads <c>tokenizer.json</c> or, where there is none, the files of a slow tokenizer (BERT's <c>vocab.txt</c>, GPT-2's
    /// <c>vocab.json</c> and <c>merges.txt</c>, T5's <c>spiece.model</c>, Llama's <c>tokenizer.model</c>), with
    /// <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c> and <c>added_tokens.json</c>.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder has no tokenizer.</exception>
    /// <exception cref="InvalidDataException">A file is broken.</exception>
    /// <exception cref="NotSupportedException">A part of it is of an unknown type; the message names it and the file.</exception>
    public static ITokenizer FromPretrained(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{folder}: there is no such folder, expected one with a tokenizer.json");
        return new PreTrainedTokenizer(ReadParts(folder));
    }

    /// <summary>Whether a folder has a tokenizer's files.</summary>
    public static bool ExistsIn(string folder) =>
        File.Exists(Path.Combine(folder, "tokenizer.json")) || SlowFiles.Guess(folder) is not null;

    private static TokenizerParts ReadParts(string folder)
    {
        var config = TokenizerFile.Read(folder, "tokenizer_config.json");
        var file = TokenizerFile.Read(folder, "tokenizer.json");
        var name = TokenizerClass.Name(config);
        if (file is null && name is "" or "PreTrainedTokenizer")
        {
            name = SlowFiles.Guess(folder) ?? throw new FileNotFoundException(
                $"{folder}: has neither a tokenizer.json nor a vocab.json and a merges.txt, a vocab.txt, a spiece.model or a tokenizer.model",
                Path.Combine(folder, "tokenizer.json"));
        }
        var special = SpecialTokenNames.Read(folder, config, name);
        var parts = file is null ? SlowFiles.Read(folder, name, special) : TokenizerJsonReader.Read(file);
        foreach (var (part, content) in parts.Named) special.Named.TryAdd(part, content); // tokenizer.json's padding
        parts = parts with { Named = special.Named };
        parts = parts with { Added = AddedTokenList.Complete(parts, folder, config, special) };
        parts = TokenizerClass.Adjust(parts, name, config) with
        {
            ModelInputNames = TokenizerClass.ModelInputNames(name),
            Files = [.. Files.Select(f => (f, Path.Combine(folder, f))).Where(f => File.Exists(f.Item2))
                .Select(f => (f.f, File.ReadAllBytes(f.Item2)))],
        };
        return config is null ? parts : WithOptions(parts, new(config, "tokenizer_config", config.Root));
    }

    private static TokenizerParts WithOptions(TokenizerParts parts, JsonPart options) => parts with
    {
        ModelMaxLength = ReadMaxLength(options),
        CleansUp = options.Flag("clean_up_tokenization_spaces", true),
        PadsLeft = options.Choice<bool>("padding_side", parts.PadsLeft, ("left", true), ("right", false)),
        TruncatesLeft = options.Choice<bool>("truncation_side", parts.TruncatesLeft, ("left", true), ("right", false)),
        PadTypeId = options.Count("pad_token_type_id", parts.PadTypeId),
        ModelInputNames = options.Part("model_input_names") is null
            ? parts.ModelInputNames
            : [.. options.List("model_input_names").Select(item => item.Element.GetString() ?? throw item.Wrong("a text"))],
    };

    /// <summary>Hugging Face writes 1e30 where a tokenizer has no limit.</summary>
    private static int? ReadMaxLength(JsonPart options)
    {
        if (options.Part("model_max_length") is not { } part) return null;
        if (part.Element.ValueKind == System.Text.Json.JsonValueKind.Number && part.Element.GetDouble() is >= 1 and var length)
            return length <= int.MaxValue ? (int)length : null;
        throw part.Wrong("a number from 1 up");
    }
}
