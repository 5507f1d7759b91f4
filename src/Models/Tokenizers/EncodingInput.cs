namespace NativeTrainer.Models.Tokenizers;

/// <summary>A text, a pair of texts, or a text (or pair) that is cut into words already. Texts convert to it by themselves.</summary>
public readonly record struct EncodingInput
{
    private EncodingInput(IReadOnlyList<string> first, IReadOnlyList<string>? second, bool isSplitIntoWords) =>
        (First, Second, IsSplitIntoWords) = (first, second, isSplitIntoWords);

    /// <summary>The words of the first text; one element, the text, where it is not cut.</summary>
    public IReadOnlyList<string> First { get; }

    /// <summary>The second text likewise; null where there is none.</summary>
    public IReadOnlyList<string>? Second { get; }

    /// <summary>Whether the texts are words (<c>is_split_into_words</c>): offsets count from each word's beginning, word ids are their
    /// places.</summary>
    public bool IsSplitIntoWords { get; }

    /// <summary>Words, and perhaps those of a second text.</summary>
    public static EncodingInput Words(IReadOnlyList<string> first, IReadOnlyList<string>? second = null) => new(first, second, true);

    /// <summary>A text.</summary>
    public static implicit operator EncodingInput(string text) => new([text], null, false);

    /// <summary>A pair of texts.</summary>
    public static implicit operator EncodingInput((string First, string Second) pair) => new([pair.First], [pair.Second], false);
}
