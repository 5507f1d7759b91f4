namespace NativeTrainer.Models.Tokenizers;

/// <summary>Cuts a normalized text into words. The parts of tokenizer.json's <c>pre_tokenizer</c>.</summary>
internal interface IPreTokenizer
{
    /// <summary>Cuts, and may change, the words of a text.</summary>
    void PreTokenize(PreTokenizedText text);
}

/// <summary>Several pre-tokenizers, one after the other.</summary>
internal sealed class SequencePreTokenizer(IPreTokenizer[] parts) : IPreTokenizer
{
    public IReadOnlyList<IPreTokenizer> Parts => parts;

    public void PreTokenize(PreTokenizedText text)
    {
        foreach (var part in parts) part.PreTokenize(text);
    }
}

/// <summary>Cuts where a pattern says: Split, Punctuation, Digits, Whitespace, WhitespaceSplit, CharDelimiterSplit.</summary>
internal sealed class SplitPreTokenizer(IPattern pattern, SplitBehavior behavior, string? regex = null) : IPreTokenizer
{
    /// <summary>White space is left out.</summary>
    public static SplitPreTokenizer WhitespaceSplit { get; } = new(new ClassPattern(UnicodeClasses.IsWhiteSpace), SplitBehavior.Removed);

    /// <summary>Words and runs of marks; white space is left out.</summary>
    public static SplitPreTokenizer Whitespace { get; } =
        new(new InvertedPattern(new RegexPattern(@"\w+|[^\w\s]+")), SplitBehavior.Removed);

    /// <summary>The regular expression, if it is one whose finds are words by themselves.</summary>
    public string? IsolatingRegex => behavior == SplitBehavior.Isolated ? regex : null;

    public static SplitPreTokenizer Punctuation(SplitBehavior behavior) => new(new ClassPattern(UnicodeClasses.IsPunctuation), behavior);

    public static SplitPreTokenizer Digits(bool individually) =>
        new(new ClassPattern(UnicodeClasses.IsNumber), individually ? SplitBehavior.Isolated : SplitBehavior.Contiguous);

    public void PreTokenize(PreTokenizedText text) => text.Split(pattern, behavior);
}

/// <summary>BERT's: white space is left out, punctuation marks are words.</summary>
internal sealed class BertPreTokenizer : IPreTokenizer
{
    private static readonly SplitPreTokenizer Marks = SplitPreTokenizer.Punctuation(SplitBehavior.Isolated);

    public void PreTokenize(PreTokenizedText text)
    {
        SplitPreTokenizer.WhitespaceSplit.PreTokenize(text);
        Marks.PreTokenize(text);
    }
}
