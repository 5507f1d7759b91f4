using System.Globalization;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// Classes of code points, as the parts of tokenizer.json mean them: white space, punctuation, letters, words. .NET's own tables; lone
/// surrogates never come here, they are decoded to U+FFFD.
/// </summary>
internal static class UnicodeClasses
{
    public static UnicodeCategory Category(int point) => CharUnicodeInfo.GetUnicodeCategory(point);

    /// <summary>The property White_Space.</summary>
    public static bool IsWhiteSpace(int point) => point <= 0xFFFF && char.IsWhiteSpace((char)point);

    /// <summary>Letters (L).</summary>
    public static bool IsLetter(int point) =>
        point < 128 ? char.IsAsciiLetter((char)point) : Category(point) <= UnicodeCategory.OtherLetter;

    /// <summary>Numbers of all kinds (N).</summary>
    public static bool IsNumber(int point) => point < 128
        ? char.IsAsciiDigit((char)point)
        : Category(point) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary>Decimal digits (Nd).</summary>
    public static bool IsDigit(int point) =>
        point < 128 ? char.IsAsciiDigit((char)point) : Category(point) == UnicodeCategory.DecimalDigitNumber;

    /// <summary>Marks (M).</summary>
    public static bool IsMark(int point) => point >= 0x300 && Category(point) is UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>Marks that take no room of their own (Mn).</summary>
    public static bool IsNonSpacingMark(int point) => point >= 0x300 && Category(point) == UnicodeCategory.NonSpacingMark;

    /// <summary>ASCII's marks, symbols such as <c>$</c> included, and punctuation (P).</summary>
    public static bool IsPunctuation(int point) => point < 128
        ? point is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')
        : Category(point) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;

    /// <summary>What <c>\w</c> means: letters, letter-like marks and numbers, decimal digits, connectors, joiners.</summary>
    public static bool IsWord(int point)
    {
        if (point < 128) return char.IsAsciiLetterOrDigit((char)point) || point == '_';
        return Category(point) is <= UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
                or UnicodeCategory.ConnectorPunctuation
            || point is 0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9)
                or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);
    }

    /// <summary>Control, format and private characters (Cc, Cf, Co) but for tab and line breaks, as BERT drops them.</summary>
    public static bool IsControl(int point) => point < 128
        ? point is < ' ' and not ('\t' or '\n' or '\r') or 127
        : Category(point) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    /// <summary>The code point in lower case; U+0130 alone becomes two, of which this is the first.</summary>
    public static int ToLower(int point) => point switch
    {
        < 128 => point is >= 'A' and <= 'Z' ? point + 32 : point,
        0x130 => 'i',
        _ => System.Text.Rune.ToLowerInvariant(new System.Text.Rune(point)).Value,
    };

    /// <summary>The code point in upper case, where that is one code point.</summary>
    public static int ToUpper(int point) => System.Text.Rune.ToUpperInvariant(new System.Text.Rune(point)).Value;

    /// <summary>How many bytes of UTF-8 a code point takes.</summary>
    public static int Utf8Length(int point) => point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}
