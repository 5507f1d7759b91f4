namespace NativeTrainer.Models.Tokenizers;

/// <summary>The length of the word that a text begins with; the text is not empty.</summary>
internal delegate int WordCutter(ReadOnlySpan<char> text);

/// <summary>
/// The regular expressions that byte-level tokenizers cut words with, written by hand. Others are matched by <see cref="PointRegex"/>.
/// </summary>
internal static class WordCutters
{
    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    private const string Gpt4Start = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}";
    private const string Gpt4End = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The cutter of an expression; null where there is none.</summary>
    public static WordCutter? Find(string regex) => regex switch
    {
        Gpt2 => ByteLevel.WordLength,
        Gpt4Start + "{1,3}" + Gpt4End => static text => Gpt4WordLength(text, 3), // GPT-4's, Llama 3's
        Gpt4Start + Gpt4End => static text => Gpt4WordLength(text, 1), // Qwen2's
        _ => null,
    };

    private static int Gpt4WordLength(ReadOnlySpan<char> text, int digits)
    {
        if (text[0] == '\'' && Contraction(text) is var contraction and > 0) return contraction;
        var kind = ByteLevel.ClassAt(text, 0, out var size);
        if (kind == ByteLevel.CharacterClass.Letter) return Run(text, 0, kind);
        if (kind == ByteLevel.CharacterClass.Number)
        {
            var at = size;
            for (var n = 1; n < digits && at < text.Length && ByteLevel.ClassAt(text, at, out size) == kind; n++) at += size;
            return at;
        }
        var isBreak = text[0] is '\r' or '\n';
        if (!isBreak && size < text.Length && ByteLevel.ClassAt(text, size, out _) == ByteLevel.CharacterClass.Letter)
            return Run(text, size, ByteLevel.CharacterClass.Letter);
        var mark = text[0] == ' ' ? 1 : 0;
        if (mark < text.Length && ByteLevel.ClassAt(text, mark, out _) == ByteLevel.CharacterClass.Other)
        {
            var end = Run(text, mark, ByteLevel.CharacterClass.Other);
            while (end < text.Length && text[end] is '\r' or '\n') end++;
            return end;
        }
        var spaces = Run(text, 0, ByteLevel.CharacterClass.WhiteSpace);
        var lastBreak = text[..spaces].LastIndexOfAny('\r', '\n');
        if (lastBreak >= 0) return lastBreak + 1;
        return spaces == text.Length || spaces == 1 ? spaces : spaces - 1;
    }

    // U+017F is s without regard to case.
    private static int Contraction(ReadOnlySpan<char> text)
    {
        if (text.Length > 1 && (text[1] | 0x20) is 's' or 't' or 'm' or 'd' || text is [_, '\u017F', ..]) return 2;
        return text.Length > 2 && ((char)(text[1] | 0x20), (char)(text[2] | 0x20)) is ('r' or 'v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static int Run(ReadOnlySpan<char> text, int at, ByteLevel.CharacterClass kind)
    {
        while (at < text.Length && ByteLevel.ClassAt(text, at, out var size) == kind) at += size;
        return at;
    }
}
