using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Data;

/// <summary>
/// What collators need to know of a tokenizer; made of one by itself where a collator is given an <see cref="ITokenizer"/>.
/// </summary>
public sealed record CollatorTokens
{
    /// <summary>What pads <c>input_ids</c>; null where the tokenizer has no padding token, which padding needs.</summary>
    public int? PadTokenId { get; init; }

    /// <summary>What pads <c>token_type_ids</c>.</summary>
    public int PadTokenTypeId { get; init; }

    /// <summary>What hides a token in masked language modelling; null where there is none.</summary>
    public int? MaskTokenId { get; init; }

    /// <summary>Ids that masked language modelling leaves alone where rows have no <c>special_tokens_mask</c>.</summary>
    public IReadOnlyList<int> AllSpecialIds { get; init; } = [];

    /// <summary>How many tokens there are, added ones included; masking draws its random tokens among them.</summary>
    public int Length { get; init; }

    /// <summary>The tokenizer's longest input, which <see cref="PaddingStrategy.MaxLength"/> falls back to.</summary>
    public int? ModelMaxLength { get; init; }

    /// <summary>Whether rows are padded in front.</summary>
    public bool PadsLeft { get; init; }

    /// <summary>Whether rows without an <c>attention_mask</c> get one.</summary>
    public bool ReturnsAttentionMask { get; init; } = true;

    /// <summary>What a tokenizer says.</summary>
    public static CollatorTokens Of(ITokenizer tokenizer)
    {
        var tokens = tokenizer.SpecialTokens;
        SpecialToken?[] special = [tokens.Bos, tokens.Eos, tokens.Unk, tokens.Sep, tokens.Pad, tokens.Cls, tokens.Mask];
        return new CollatorTokens
        {
            PadTokenId = tokens.Pad?.Id,
            MaskTokenId = tokens.Mask?.Id,
            AllSpecialIds = [.. special.OfType<SpecialToken>().Select(token => token.Id).Distinct()],
            Length = tokenizer.Length,
            ModelMaxLength = tokenizer.ModelMaxLength,
            PadsLeft = tokenizer.PaddingSide == "left",
            ReturnsAttentionMask = tokenizer.ModelInputNames.Contains("attention_mask"),
        };
    }
}
