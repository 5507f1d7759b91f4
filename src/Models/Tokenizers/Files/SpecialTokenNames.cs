using System.Text.Json;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// The special tokens that a folder's files name: tokenizer_config.json's and, where that lists no added tokens itself (older folders),
/// special_tokens_map.json's before them.
/// </summary>
internal sealed class SpecialTokenNames
{
    private readonly List<AddedToken> _tokens = []; // ids are not known yet: -1

    /// <summary>Contents by the names of their parts.</summary>
    public Dictionary<string, string> Named { get; } = [];

    /// <summary>All of them in Hugging Face's order, with the flags that they are given.</summary>
    public IReadOnlyList<AddedToken> Tokens => _tokens;

    public static SpecialTokenNames Read(string folder, TokenizerFile? config, string tokenizerClass)
    {
        var names = new SpecialTokenNames();
        var listsAdded = config is not null && TokenizerFile.TryGet(config.Root, "added_tokens_decoder", out _);
        var map = listsAdded ? null : TokenizerFile.Read(folder, "special_tokens_map.json");
        foreach (var part in SpecialTokens.Names)
        {
            if (Find(part) is not { } found) continue;
            names.Add(found.File, part, found.Value);
        }
        if (Find("additional_special_tokens") is { } more && more.Value.ValueKind == JsonValueKind.Array)
        {
            foreach (var value in more.Value.EnumerateArray()) names.Add(more.File, "additional_special_tokens", value);
        }
        foreach (var (part, content) in TokenizerClass.DefaultTokens(tokenizerClass))
        {
            var isNull = config is not null && config.Root.TryGetProperty(part, out var value) && value.ValueKind == JsonValueKind.Null;
            if (isNull || !names.Named.TryAdd(part, content)) continue;
            names._tokens.Add(new(content, -1, IsSpecial: true));
        }
        return names;

        (TokenizerFile File, JsonElement Value)? Find(string part)
        {
            foreach (var file in new[] { map, config })
            {
                if (file is not null && TokenizerFile.TryGet(file.Root, part, out var value)) return (file, value);
            }
            return null;
        }
    }

    private void Add(TokenizerFile file, string part, JsonElement value)
    {
        AddedToken token;
        if (value.ValueKind == JsonValueKind.Object) token = AddedToken.Read(file, value, -1) with { IsSpecial = true };
        else if (value.ValueKind == JsonValueKind.String) token = new(value.GetString()!, -1, IsSpecial: true);
        else throw file.Wrong($"{part} is {value.GetRawText()}, expected a text or an object with content");
        if (token.Content.Length == 0) return;
        if (part != "additional_special_tokens") Named[part] = token.Content;
        _tokens.Add(token);
    }
}
