namespace NativeTrainer.Models.Tokenizers;

/// <summary>Lower case, code point by code point; U+0130 becomes two.</summary>
internal sealed class Lowercase : INormalizer
{
    private const int DottedCapitalI = 0x130;

    public static Lowercase Instance { get; } = new();

    public void Normalize(ref TextBuffer text, ref TextBuffer spare)
    {
        for (var i = 0; i < text.Count; i++)
        {
            if (text[i] == DottedCapitalI)
            {
                WithDots(ref text, ref spare);
                return;
            }
            text[i] = UnicodeClasses.ToLower(text[i]);
        }
    }

    private static void WithDots(ref TextBuffer text, ref TextBuffer spare)
    {
        spare.Clear();
        for (var i = 0; i < text.Count; i++)
        {
            spare.Add(UnicodeClasses.ToLower(text[i]), text, i);
            if (text[i] == DottedCapitalI) spare.Add(0x307, text, i);
        }
        (text, spare) = (spare, text);
    }
}

/// <summary>Takes white space off the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public void Normalize(ref TextBuffer text, ref TextBuffer spare)
    {
        var (start, end) = (0, text.Count);
        while (left && start < end && UnicodeClasses.IsWhiteSpace(text[start])) start++;
        while (right && end > start && UnicodeClasses.IsWhiteSpace(text[end - 1])) end--;
        text.Slice(start, end);
    }
}

/// <summary>Takes combining marks out; they stand by themselves only after NFD or NFKD.</summary>
internal sealed class StripAccents : INormalizer
{
    private static readonly Func<int, bool> IsNoMark = point => !UnicodeClasses.IsMark(point);

    public void Normalize(ref TextBuffer text, ref TextBuffer spare) => text.Keep(IsNoMark);
}

/// <summary>Puts a text in front of one that is not empty.</summary>
internal sealed class Prepend(string prefix) : INormalizer
{
    private readonly int[] _prefix = [.. prefix.EnumerateRunes().Select(rune => rune.Value)];

    public void Normalize(ref TextBuffer text, ref TextBuffer spare)
    {
        if (text.Count == 0) return;
        spare.Clear();
        foreach (var point in _prefix) spare.Add(point, text, 0);
        spare.Add(text, 0, text.Count);
        (text, spare) = (spare, text);
    }
}

/// <summary>The cleaning of neural machine translation, as sentencepiece has it: controls out, odd white space to blanks.</summary>
internal sealed class Nmt : INormalizer
{
    private static readonly Func<int, bool> IsKept = point =>
        point is not ((>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F);

    public void Normalize(ref TextBuffer text, ref TextBuffer spare)
    {
        text.Keep(IsKept);
        for (var i = 0; i < text.Count; i++)
        {
            if (text[i] is '\t' or '\n' or '\f' or '\r' or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF
                or 0xFFFD) text[i] = ' ';
        }
    }
}

/// <summary>Replaces what a pattern finds; what is put in stands for the last code point that was taken out.</summary>
internal sealed class Replace(IPattern pattern, string content) : INormalizer
{
    private readonly int[] _content = [.. content.EnumerateRunes().Select(rune => rune.Value)];

    public void Normalize(ref TextBuffer text, ref TextBuffer spare)
    {
        var matches = new List<PatternMatch>();
        pattern.Find(text.Points, matches);
        if (!matches.Exists(match => match.IsMatch)) return;
        spare.Clear();
        foreach (var (start, end, isMatch) in matches)
        {
            if (!isMatch)
            {
                spare.Add(text, start, end);
                continue;
            }
            foreach (var point in _content)
            {
                if (end == 0) spare.Add(point, 0, 0);
                else spare.Add(point, text, end - 1);
            }
        }
        (text, spare) = (spare, text);
    }
}
