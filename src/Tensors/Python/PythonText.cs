using System.Globalization;
using System.Numerics;
using System.Text;

namespace NativeTrainer;

/// <summary>
/// Values as Python writes and reads them. Logs, arguments and states are text that other programs compare, so the shortest float text,
/// exact rounding and the quoting of <c>repr</c> are kept to the letter.
/// </summary>
public static class PythonText
{
    /// <summary>A whole number.</summary>
    public static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest text that reads back to the same value: 5e-05, 0.0001, 1.0, 1e+16, nan, -inf.</summary>
    public static string Float(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        var sign = double.IsNegative(value) ? "-" : "";
        var (digits, exponent) = ShortestDigits(Math.Abs(value));
        if (exponent is < -4 or >= 16)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            var magnitude = Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{magnitude}";
        }
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        return digits.Length > exponent + 1
            ? $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}"
            : $"{sign}{digits.PadRight(exponent + 1, '0')}.0";
    }

    /// <summary>
    /// Rounds to a number of decimals by the exact binary value, ties to even, as Python's <c>round</c> does: 1.00005 to four decimals is
    /// 1.0001 because the double is a little above, 2.675 to two is 2.67 because it is a little below.
    /// </summary>
    public static double Round(double value, int decimals)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decimals);
        if (!double.IsFinite(value) || value == 0) return value;
        var bits = BitConverter.DoubleToInt64Bits(value);
        var biased = (int)((bits >> 52) & 0x7FF);
        var mantissa = (bits & ((1L << 52) - 1)) | (biased == 0 ? 0 : 1L << 52);
        var shift = 1075 - Math.Max(biased, 1);
        if (shift <= 0) return value;

        var scaled = mantissa * BigInteger.Pow(10, decimals);
        var quotient = scaled >> shift;
        var twiceRest = (scaled - (quotient << shift)) << 1;
        var order = twiceRest.CompareTo(BigInteger.One << shift);
        if (order > 0 || (order == 0 && !quotient.IsEven)) quotient++;
        var text = string.Create(CultureInfo.InvariantCulture, $"{quotient}E-{decimals}");
        return Math.CopySign(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), value);
    }

    /// <summary>Python's <c>str</c>: text as it is, everything else as <see cref="Repr"/>.</summary>
    public static string Str(object? value) => value as string ?? Repr(value);

    /// <summary>Python's <c>repr</c> of None, bools, numbers, strings, lists and dictionaries.</summary>
    public static string Repr(object? value) => PythonValue.Normalize(value) switch
    {
        null => "None",
        bool truth => truth ? "True" : "False",
        long whole => Whole(whole),
        double real => Float(real),
        string text => Quote(text),
        IReadOnlyDictionary<string, object?> map => "{" + string.Join(", ", map.Select(p => $"{Quote(p.Key)}: {Repr(p.Value)}")) + "}",
        IReadOnlyList<object?> list => "[" + string.Join(", ", list.Select(Repr)) + "]",
        var other => throw new ArgumentException($"{other.GetType()} has no Python text", nameof(value)),
    };

    /// <summary>Reads what Python's <c>int</c> reads: blanks around, a sign, underscores between digits; not 10.0, 1e3 or 0x10.</summary>
    public static bool TryReadWhole(string text, out long value)
    {
        value = 0;
        return Compact(text) is { } digits && long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Reads what Python's <c>float</c> reads: as <see cref="TryReadWhole"/>, and fractions, exponents, nan, inf.</summary>
    public static bool TryReadFloat(string text, out double value)
    {
        value = double.NaN;
        if (Compact(text) is not { } digits) return false;
        var unsigned = digits.StartsWith('-') || digits.StartsWith('+') ? digits[1..] : digits;
        if (unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase)) return true;
        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) || unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = digits[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(digits, style, CultureInfo.InvariantCulture, out value);
    }

    // The significant digits and the decimal exponent of the first of them; zero is ("0", 0).
    private static (string Digits, int Exponent) ShortestDigits(double value)
    {
        if (value == 0) return ("0", 0);
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E');
        var exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? text : text[..mark];
        var point = mantissa.IndexOf('.');
        exponent += (point < 0 ? mantissa.Length : point) - 1;
        var digits = mantissa.Replace(".", "");
        var significant = digits.TrimStart('0');
        exponent -= digits.Length - significant.Length;
        return (significant.TrimEnd('0'), exponent);
    }

    // The text without blanks around and underscores inside; null where an underscore does not stand between two digits.
    private static string? Compact(string text)
    {
        var trimmed = text.Trim();
        for (var i = 0; i < trimmed.Length; i++)
        {
            if (trimmed[i] != '_') continue;
            if (i == 0 || i + 1 == trimmed.Length || !char.IsAsciiDigit(trimmed[i - 1]) || !char.IsAsciiDigit(trimmed[i + 1])) return null;
        }
        return trimmed.Length == 0 ? null : trimmed.Replace("_", "");
    }

    private static string Quote(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var result = new StringBuilder().Append(quote);
        foreach (var rune in text.EnumerateRunes())
        {
            var code = rune.Value;
            if (code == quote || code == '\\') result.Append('\\').Append((char)code);
            else if (code == '\n') result.Append("\\n");
            else if (code == '\r') result.Append("\\r");
            else if (code == '\t') result.Append("\\t");
            else if (IsPrintable(rune)) result.Append(rune.ToString());
            else if (code < 0x100) result.Append(CultureInfo.InvariantCulture, $"\\x{code:x2}");
            else if (code < 0x10000) result.Append(CultureInfo.InvariantCulture, $"\\u{code:x4}");
            else result.Append(CultureInfo.InvariantCulture, $"\\U{code:x8}");
        }
        return result.Append(quote).ToString();
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
