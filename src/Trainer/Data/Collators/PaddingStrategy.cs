namespace NativeTrainer.Data;

/// <summary>How far rows are padded: transformers' <c>padding</c>.</summary>
public enum PaddingStrategy
{
    /// <summary>To the longest row of the batch (<c>True</c> or <c>"longest"</c>).</summary>
    Longest,

    /// <summary>To <c>max_length</c>, or to the tokenizer's longest input where that is unset (<c>"max_length"</c>).</summary>
    MaxLength,

    /// <summary>Not at all (<c>False</c> or <c>"do_not_pad"</c>).</summary>
    DoNotPad,
}
