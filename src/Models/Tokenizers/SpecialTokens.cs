using System.Text.Json;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>A token with a part to play.</summary>
/// <param name="Content">Its text, as it stands in texts and in the vocabulary.</param>
/// <param name="Id">Its id.</param>
public readonly record struct SpecialToken(string Content, int Id);

/// <summary>The special tokens of a tokenizer by their parts; null where it has none for a part.</summary>
/// <param name="Bos">Beginning of a text.</param>
/// <param name="Eos">End of a text.</param>
/// <param name="Pad">Padding.</param>
/// <param name="Unk">Stands for what the vocabulary cannot say.</param>
public sealed record SpecialTokens(SpecialToken? Bos, SpecialToken? Eos, SpecialToken? Pad, SpecialToken? Unk)
{
    /// <summary>The names of the parts in <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>.</summary>
    internal static readonly string[] Names =
        ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <summary>
    /// The contents by name: the configuration's, and what only the map has. Values are texts or objects with a <c>content</c>.
    /// </summary>
    internal static Dictionary<string, string> Read(TokenizerFile? config, TokenizerFile? map)
    {
        var contents = new Dictionary<string, string>();
        foreach (var file in new[] { config, map })
        {
            foreach (var name in Names)
            {
                if (file?.Root.TryGetProperty(name, out var value) is not true || value.ValueKind == JsonValueKind.Null) continue;
                if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out var content)) value = content;
                if (value.ValueKind != JsonValueKind.String)
                    throw file.Wrong($"{name} is {value.GetRawText()}, expected a text or an object with content");
                contents.TryAdd(name, value.GetString()!);
            }
        }
        return contents;
    }

    internal static SpecialTokens Of(IReadOnlyDictionary<string, string> contents, Func<string, int?> id)
    {
        return new(Get("bos_token"), Get("eos_token"), Get("pad_token"), Get("unk_token"));

        SpecialToken? Get(string name) =>
            contents.TryGetValue(name, out var content) && id(content) is { } found ? new(content, found) : null;
    }
}
