using System.Text;
using System.Text.Json;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>Loads tokenizers from Hugging Face folders.</summary>
/// <example><code>
/// var tokenizer = Tokenizer.FromPretrained("path/to/gpt2");
/// int[] ids = tokenizer.Encode("Hello world");
/// </code></example>
public static class Tokenizer
{
    private static readonly string[] Files =
        ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json", "merges.txt", "added_tokens.json"];

    /// <summary>
    /// Reads <c>tokenizer.json</c>, or GPT-2's <c>vocab.json</c> and <c>merges.txt</c>, with <c>tokenizer_config.json</c> and
    /// <c>special_tokens_map.json</c>. Byte-level BPE is what there is; a folder with another kind is refused, and the part that is another
    /// is named.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder has no tokenizer.</exception>
    /// <exception cref="InvalidDataException">A file is broken.</exception>
    /// <exception cref="NotSupportedException">It is no byte-level BPE.</exception>
    public static ITokenizer FromPretrained(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{folder}: there is no such folder, expected one with a tokenizer.json");
        var config = TokenizerFile.Read(folder, "tokenizer_config.json");
        var named = SpecialTokens.Read(config, TokenizerFile.Read(folder, "special_tokens_map.json"));
        var source = TokenizerFile.Read(folder, "tokenizer.json") is { } file ? ByteLevelBpeReader.Read(file) : ReadGpt2(folder, named);
        return new ByteLevelBpeTokenizer(source with
        {
            Added = Complete(source, config, named),
            Named = named,
            ModelMaxLength = ReadMaxLength(config),
            CleansUp = config?.Flag(config.Root, "clean_up_tokenization_spaces", true) ?? true,
            Files = [.. Files.Select(f => (f, Path.Combine(folder, f))).Where(f => File.Exists(f.Item2))
                .Select(f => (f.f, File.ReadAllBytes(f.Item2)))],
        });
    }

    /// <summary>Whether a folder has a tokenizer's files.</summary>
    public static bool ExistsIn(string folder) =>
        File.Exists(Path.Combine(folder, "tokenizer.json")) || File.Exists(Path.Combine(folder, "vocab.json"));

    private static ByteLevelBpe ReadGpt2(string folder, Dictionary<string, string> named)
    {
        var mergesPath = Path.Combine(folder, "merges.txt");
        if (TokenizerFile.Read(folder, "vocab.json") is not { } vocab || !File.Exists(mergesPath))
            throw new FileNotFoundException($"{folder}: has neither a tokenizer.json nor a vocab.json and a merges.txt",
                Path.Combine(folder, "tokenizer.json"));
        var merges = File.ReadLines(mergesPath, Encoding.UTF8)
            .Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal));
        foreach (var name in new[] { "bos_token", "eos_token", "unk_token" }) named.TryAdd(name, "<|endoftext|>");
        return new(mergesPath, vocab.Vocabulary(vocab.Root), [.. merges]);
    }

    /// <summary>
    /// The added tokens of tokenizer.json, those that only the configuration lists, and special tokens that neither lists: at the end if
    /// they are new.
    /// </summary>
    private static List<AddedToken> Complete(ByteLevelBpe source, TokenizerFile? config, Dictionary<string, string> named)
    {
        var added = new List<AddedToken>(source.Added);
        if (config is not null && TokenizerFile.TryGet(config.Root, "added_tokens_decoder", out var listed)
            && listed.ValueKind == JsonValueKind.Object)
        {
            foreach (var entry in listed.EnumerateObject())
            {
                if (!int.TryParse(entry.Name, out var id))
                    throw config.Wrong($"added_tokens_decoder has the id {entry.Name}, expected a whole number");
                if (!added.Exists(t => t.Id == id)) added.Add(AddedToken.Read(config, entry.Value, id));
            }
        }
        foreach (var name in SpecialTokens.Names)
        {
            if (!named.TryGetValue(name, out var content) || content.Length == 0 || added.Exists(t => t.Content == content)) continue;
            var next = Math.Max(source.Vocabulary.Count, added.Count == 0 ? 0 : added.Max(t => t.Id) + 1);
            added.Add(new(content, source.Vocabulary.TryGetValue(content, out var id) ? id : next, IsSpecial: true));
        }
        return added;
    }

    /// <summary>Hugging Face writes 1e30 where a tokenizer has no limit.</summary>
    private static int? ReadMaxLength(TokenizerFile? config)
    {
        if (config is null || !TokenizerFile.TryGet(config.Root, "model_max_length", out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 1 and var length)
            return length <= int.MaxValue ? (int)length : null;
        throw config.Wrong($"model_max_length is {value.GetRawText()}, expected a number from 1 up");
    }
}
