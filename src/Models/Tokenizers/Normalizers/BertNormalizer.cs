namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// BERT's normalizer: control characters out, every white space a blank, blanks around Chinese characters, accents out, lower case.
/// </summary>
internal sealed record BertNormalizer(bool CleansText, bool SeparatesChinese, bool? StripsAccents, bool Lowercases) : INormalizer
{
    private static readonly Func<int, bool> IsClean = point => point is not (0 or 0xFFFD) && !UnicodeClasses.IsControl(point);
    private static readonly Func<int, bool> IsNoAccent = point => !UnicodeClasses.IsNonSpacingMark(point);

    public void Normalize(ref TextBuffer text, ref TextBuffer spare)
    {
        if (CleansText)
        {
            text.Keep(IsClean);
            for (var i = 0; i < text.Count; i++)
            {
                if (UnicodeClasses.IsWhiteSpace(text[i])) text[i] = ' ';
            }
        }
        if (SeparatesChinese && text.Points.IndexOfAnyInRange(0x3400, int.MaxValue) >= 0) Separate(ref text, ref spare);
        if (StripsAccents ?? Lowercases)
        {
            UnicodeNormalizer.Decomposed.Normalize(ref text, ref spare);
            text.Keep(IsNoAccent);
        }
        if (Lowercases) Lowercase.Instance.Normalize(ref text, ref spare);
    }

    private static void Separate(ref TextBuffer text, ref TextBuffer spare)
    {
        spare.Clear();
        for (var i = 0; i < text.Count; i++)
        {
            var isChinese = IsChinese(text[i]);
            if (isChinese) spare.Add(' ', text, i);
            spare.Add(text[i], text, i);
            if (isChinese) spare.Add(' ', text, i);
        }
        (text, spare) = (spare, text);
    }

    private static bool IsChinese(int point) => point is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
