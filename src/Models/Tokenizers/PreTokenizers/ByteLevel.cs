using System.Text;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// GPT-2's way to write bytes as characters, and to cut a text into words before merging. Printable bytes of Latin-1 stand for
/// themselves, the others for characters from U+0100 on, in order: a blank is <c>Ġ</c>. See Radford et al. 2019, section 2.2.
/// </summary>
internal static class ByteLevel
{
    private static readonly char[] Characters = MakeCharacters();
    private static readonly short[] Bytes = MakeBytes();

    /// <summary>The character that stands for a byte.</summary>
    public static char Character(byte value) => Characters[value];

    /// <summary>
    /// Appends the bytes of a token. One with a character that stands for no byte (an added token may) is taken as plain text.
    /// </summary>
    public static void AppendBytes(string token, List<byte> bytes)
    {
        var first = bytes.Count;
        foreach (var c in token)
        {
            if (c >= Bytes.Length || Bytes[c] < 0)
            {
                bytes.RemoveRange(first, bytes.Count - first);
                bytes.AddRange(Encoding.UTF8.GetBytes(token));
                return;
            }
            bytes.Add((byte)Bytes[c]);
        }
    }

    /// <summary>
    /// The length of the word that a text begins with: a contraction ('s 't 're 've 'm 'll 'd), else letters, digits or other marks with at
    /// most one blank before them, else white space, of which the last is left for the next word. Code points decide, so letters beyond
    /// U+FFFF count as letters.
    /// </summary>
    /// <param name="text">The text in UTF-16.</param>
    public static int WordLength(ReadOnlySpan<char> text)
    {
        if (text[0] == '\'')
        {
            if (text.Length > 1 && text[1] is 's' or 't' or 'm' or 'd') return 2;
            if (text.Length > 2 && text[1..3] is "re" or "ve" or "ll") return 3;
        }
        var blank = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        if (ClassAt(text, blank, out _) is var kind && kind != CharacterClass.WhiteSpace) return Run(text, blank, kind);
        var spaces = Run(text, 0, CharacterClass.WhiteSpace);
        return spaces == text.Length || spaces == 1 ? spaces : spaces - 1;
    }

    /// <inheritdoc cref="WordLength(ReadOnlySpan{char})"/>
    /// <param name="text">The text in code points.</param>
    public static int WordLength(ReadOnlySpan<int> text)
    {
        if (text[0] == '\'' && text.Length > 1)
        {
            if (text[1] is 's' or 't' or 'm' or 'd') return 2;
            if (text.Length > 2 && (text[1], text[2]) is ('r' or 'v', 'e') or ('l', 'l')) return 3;
        }
        var blank = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        if (Classify(text[blank]) is var kind && kind != CharacterClass.WhiteSpace) return Run(text, blank, kind);
        var spaces = Run(text, 0, CharacterClass.WhiteSpace);
        return spaces == text.Length || spaces == 1 ? spaces : spaces - 1;
    }

    /// <summary>What a pattern of words tells apart.</summary>
    internal enum CharacterClass : byte
    {
        WhiteSpace,
        Letter,
        Number,
        Other,
    }

    /// <summary>The class of a code point.</summary>
    internal static CharacterClass Classify(int point) => point < AsciiClasses.Length ? AsciiClasses[point] : ClassifyByTable(point);

    /// <summary>The class of the code point at a place, and its length in UTF-16.</summary>
    internal static CharacterClass ClassAt(ReadOnlySpan<char> text, int at, out int size)
    {
        size = 1;
        var c = text[at];
        if (c < AsciiClasses.Length) return AsciiClasses[c];
        if (!char.IsSurrogate(c)) return ClassifyByTable(c);
        Rune.DecodeFromUtf16(text[at..], out var rune, out size);
        return ClassifyByTable(rune.Value);
    }

    private static readonly CharacterClass[] AsciiClasses = [.. Enumerable.Range(0, 128).Select(ClassifyByTable)];

    private static CharacterClass ClassifyByTable(int point) => UnicodeClasses.IsLetter(point) ? CharacterClass.Letter
        : UnicodeClasses.IsNumber(point) ? CharacterClass.Number
        : UnicodeClasses.IsWhiteSpace(point) ? CharacterClass.WhiteSpace
        : CharacterClass.Other;

    private static int Run(ReadOnlySpan<char> text, int at, CharacterClass kind)
    {
        while (at < text.Length && ClassAt(text, at, out var size) == kind) at += size;
        return at;
    }

    private static int Run(ReadOnlySpan<int> text, int at, CharacterClass kind)
    {
        while (at < text.Length && Classify(text[at]) == kind) at++;
        return at;
    }

    private static char[] MakeCharacters()
    {
        var (characters, next) = (new char[256], '\u0100');
        for (var b = 0; b < 256; b++)
        {
            characters[b] = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)b : next++;
        }
        return characters;
    }

    private static short[] MakeBytes()
    {
        var bytes = new short[Characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var b = 0; b < 256; b++) bytes[Characters[b]] = (short)b;
        return bytes;
    }
}
