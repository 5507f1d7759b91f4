namespace NativeTrainer.Models.Tokenizers;

/// <summary>Puts special tokens around one text or two. The parts of tokenizer.json's <c>post_processor</c>.</summary>
internal interface IPostProcessor
{
    /// <summary>How many tokens it adds.</summary>
    int AddedTokens(bool isPair);

    /// <summary>Works on the texts' encodings; what it returns is joined.</summary>
    List<TextEncoding> Process(List<TextEncoding> texts, bool addSpecialTokens);
}

/// <summary>Several post-processors, one after the other.</summary>
internal sealed class SequencePostProcessor(IPostProcessor[] parts) : IPostProcessor
{
    public int AddedTokens(bool isPair) => parts.Sum(part => part.AddedTokens(isPair));

    public List<TextEncoding> Process(List<TextEncoding> texts, bool addSpecialTokens)
    {
        foreach (var part in parts) texts = part.Process(texts, addSpecialTokens);
        return texts;
    }
}

/// <summary>Takes the blanks of byte-level tokens out of their offsets, if that is wanted.</summary>
internal sealed class ByteLevelPostProcessor(bool trimsOffsets, bool addsPrefixSpace) : IPostProcessor
{
    public int AddedTokens(bool isPair) => 0;

    public List<TextEncoding> Process(List<TextEncoding> texts, bool addSpecialTokens)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            if (trimsOffsets) Trim(texts[i], addsPrefixSpace);
            texts[i].SetSequence(i, 0, texts[i].Length);
        }
        return texts;
    }

    /// <summary>Trims the offsets of a text and its overflowing parts.</summary>
    public static void Trim(TextEncoding text, bool addsPrefixSpace)
    {
        foreach (var part in text.Overflowing) Trim(part, addsPrefixSpace);
        for (var i = 0; i < text.Length; i++)
        {
            var token = text.Tokens[i];
            var (start, end) = text.Offsets[i];
            var (leading, trailing) = (0, 0);
            while (leading < token.Length && IsBlank(token[leading])) leading++;
            while (trailing < token.Length && IsBlank(token[^(trailing + 1)])) trailing++;
            if (leading > 0)
            {
                var isAdded = (i == 0 || start == 0) && addsPrefixSpace && leading == 1; // the blank is none of the text's
                start = Math.Min(start + (isAdded ? 0 : leading), end);
            }
            if (trailing > 0 && end >= trailing) end = Math.Max(end - trailing, start);
            text.SetOffsets(i, (start, end));
        }

        static bool IsBlank(char c) => c == ByteLevel.Character((byte)' ') || char.IsWhiteSpace(c);
    }
}
