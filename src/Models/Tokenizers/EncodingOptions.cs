namespace NativeTrainer.Models.Tokenizers;

/// <summary>How a batch is padded; Hugging Face's <c>padding</c>.</summary>
public enum PaddingStrategy
{
    /// <summary>To the longest of the batch (<c>True</c>, <c>"longest"</c>).</summary>
    Longest,

    /// <summary>To <c>max_length</c>, or else the tokenizer's longest input (<c>"max_length"</c>).</summary>
    MaxLength,

    /// <summary>Not at all (<c>False</c>, <c>"do_not_pad"</c>).</summary>
    DoNotPad,
}

/// <summary>What is cut off where a text is too long; Hugging Face's <c>truncation</c>.</summary>
public enum TruncationStrategy
{
    /// <summary>Nothing (<c>False</c>).</summary>
    DoNotTruncate,

    /// <summary>The longer of two texts, then both (<c>True</c>, <c>"longest_first"</c>).</summary>
    LongestFirst,

    /// <summary>Only the first text (<c>"only_first"</c>).</summary>
    OnlyFirst,

    /// <summary>Only the second text (<c>"only_second"</c>).</summary>
    OnlySecond,
}

/// <summary>How texts are made into a batch: the arguments of Hugging Face's <c>tokenizer(...)</c>.</summary>
public sealed record EncodingOptions
{
    /// <summary>Whether to add the tokens that the tokenizer puts around texts. Default true.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>How to pad. Default not at all.</summary>
    public PaddingStrategy Padding { get; init; } = PaddingStrategy.DoNotPad;

    /// <summary>What to cut off; null: nothing, or <see cref="TruncationStrategy.LongestFirst"/> where <see cref="MaxLength"/> is given and
    /// no padding, as Hugging Face takes it.</summary>
    public TruncationStrategy? Truncation { get; init; }

    /// <summary>The most tokens, special ones included; null: the tokenizer's longest input, if it has one.</summary>
    public int? MaxLength { get; init; }

    /// <summary>How many tokens an overflowing part repeats of the one before. Default 0.</summary>
    public int Stride { get; init; }

    /// <summary>Padded lengths are rounded up to a multiple of it; null: not.</summary>
    public int? PadToMultipleOf { get; init; }

    /// <summary>Whether the parts that were cut off are rows of the batch too. Default false.</summary>
    public bool ReturnOverflowingTokens { get; init; }

    /// <summary>"right" or "left"; null: as the tokenizer's folder says.</summary>
    public string? PaddingSide { get; init; }

    /// <summary>"right" or "left"; null: as the tokenizer's folder says.</summary>
    public string? TruncationSide { get; init; }
}
