namespace NativeTrainer.Models.Tokenizers;

/// <summary>Reads the <c>pre_tokenizer</c> of tokenizer.json.</summary>
internal static class PreTokenizerReader
{
    private const string Types = "ByteLevel, BertPreTokenizer, Whitespace, WhitespaceSplit, Punctuation, Digits, Split, CharDelimiterSplit,"
        + " Metaspace, Sequence";

    /// <exception cref="NotSupportedException">It is of an unknown type.</exception>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    public static IPreTokenizer Read(JsonPart part)
    {
        switch (part.Type)
        {
            case "ByteLevel": return new ByteLevelPreTokenizer(part.Flag("add_prefix_space", true), part.Flag("use_regex", true));
            case "BertPreTokenizer": return new BertPreTokenizer();
            case "Whitespace": return SplitPreTokenizer.Whitespace;
            case "WhitespaceSplit": return SplitPreTokenizer.WhitespaceSplit;
            case "Punctuation": return SplitPreTokenizer.Punctuation(ReadBehavior(part, SplitBehavior.Isolated));
            case "Digits": return SplitPreTokenizer.Digits(part.Flag("individual_digits", false));
            case "CharDelimiterSplit": return new SplitPreTokenizer(new LiteralPattern(part.Text("delimiter")), SplitBehavior.Removed);
            case "Split":
                var pattern = NormalizerReader.ReadPattern(part, out var regex);
                var inverts = part.Flag("invert", false);
                return new SplitPreTokenizer(inverts ? new InvertedPattern(pattern) : pattern, ReadBehavior(part, null), regex);
            case "Metaspace": return ReadMetaspace(part);
            case "Sequence": return new SequencePreTokenizer([.. part.List("pretokenizers").Select(Read)]);
            default: throw part.Refuse(Types);
        }
    }

    /// <summary>
    /// Reads a Metaspace, as pre-tokenizer or decoder. Before version 0.19 of Hugging Face's library it had <c>add_prefix_space</c>, later
    /// <c>split</c>.
    /// </summary>
    public static Metaspace ReadMetaspace(JsonPart part)
    {
        var mark = part.Text("replacement", "\u2581");
        if (mark.EnumerateRunes().Count() != 1) throw part.Required("replacement").Wrong("one character");
        var scheme = part.Choice("prepend_scheme", PrependScheme.Always, ("always", PrependScheme.Always), ("first", PrependScheme.First),
            ("never", PrependScheme.Never));
        var isOld = part.Part("add_prefix_space") is not null;
        if (isOld && !part.Flag("add_prefix_space", true)) scheme = PrependScheme.Never;
        return new(mark.EnumerateRunes().First().Value, scheme, part.Flag("split", true), FirstMeansStart: !isOld);
    }

    private static SplitBehavior ReadBehavior(JsonPart part, SplitBehavior? missing) => part.Choice("behavior", missing,
        ("Removed", SplitBehavior.Removed), ("Isolated", SplitBehavior.Isolated), ("MergedWithPrevious", SplitBehavior.MergedWithPrevious),
        ("MergedWithNext", SplitBehavior.MergedWithNext), ("Contiguous", SplitBehavior.Contiguous));
}
