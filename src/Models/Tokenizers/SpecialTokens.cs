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

    /// <summary>Between two texts and at their end.</summary>
    public SpecialToken? Sep { get; init; }

    /// <summary>In front of texts; its last hidden state stands for them.</summary>
    public SpecialToken? Cls { get; init; }

    /// <summary>Stands for what a masked language model is to guess.</summary>
    public SpecialToken? Mask { get; init; }

    internal static SpecialTokens Of(IReadOnlyDictionary<string, string> contents, Func<string, int?> id)
    {
        return new(Get("bos_token"), Get("eos_token"), Get("pad_token"), Get("unk_token"))
        {
            Sep = Get("sep_token"),
            Cls = Get("cls_token"),
            Mask = Get("mask_token"),
        };

        SpecialToken? Get(string name) =>
            contents.TryGetValue(name, out var content) && id(content) is { } found ? new(content, found) : null;
    }
}
