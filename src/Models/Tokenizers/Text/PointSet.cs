using System.Globalization;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>A set of code points in a regular expression: ranges, Unicode classes, their union and complement.</summary>
internal sealed class PointSet
{
    private readonly Func<int, bool> _contains;
    private readonly ulong _low, _high; // ASCII, looked up without a call

    private PointSet(Func<int, bool> contains)
    {
        _contains = contains;
        for (var point = 0; point < 128; point++)
        {
            if (!contains(point)) continue;
            if (point < 64) _low |= 1UL << point;
            else _high |= 1UL << (point - 64);
        }
    }

    public static PointSet All { get; } = new(_ => true);

    public static PointSet NoLineFeed { get; } = new(point => point != '\n');

    public static PointSet EitherCase(int point)
    {
        var (lower, upper) = (UnicodeClasses.ToLower(point), UnicodeClasses.ToUpper(point));
        return new(p => p == lower || p == upper || UnicodeClasses.ToLower(p) == lower);
    }

    public bool Contains(int point) => point switch
    {
        < 64 => (_low >> point & 1) != 0,
        < 128 => (_high >> (point - 64) & 1) != 0,
        _ => _contains(point),
    };

    /// <summary>Reads what follows a <c>[</c>.</summary>
    public static PointSet Parse(int[] points, ref int at, bool ignoresCase, Func<string, Exception> wrong)
    {
        var isNegated = at < points.Length && points[at] == '^';
        if (isNegated) at++;
        var parts = new List<Func<int, bool>>();
        for (var first = true; ; first = false)
        {
            if (at == points.Length) throw wrong("lacks a ]");
            if (points[at] == ']' && !first)
            {
                at++;
                break;
            }
            if (points[at] == '&' && at + 1 < points.Length && points[at + 1] == '&') throw wrong("has && in a set, which is not supported");
            if (points[at] == '[')
            {
                at++;
                parts.Add(at < points.Length && points[at] == ':' ? Posix(points, ref at, wrong) : Parse(points, ref at, ignoresCase, wrong).Contains);
                continue;
            }
            if (points[at] == '\\')
            {
                at++;
                if (ParseClass(points, ref at, wrong) is { } named)
                {
                    parts.Add(named.Contains);
                    continue;
                }
                at--;
            }
            parts.Add(Range(points, ref at, ignoresCase, wrong));
        }
        var all = parts.ToArray();
        return new(point => Array.Exists(all, part => part(point)) != isNegated);
    }

    /// <summary>Reads a class after a backslash: <c>s S w W d D h H p{..} P{..} R</c> not among them; null where it is no class.</summary>
    public static PointSet? ParseClass(int[] points, ref int at, Func<string, Exception> wrong)
    {
        if (at == points.Length) throw wrong("ends in a backslash");
        Func<int, bool>? contains = points[at] switch
        {
            's' => UnicodeClasses.IsWhiteSpace,
            'S' => p => !UnicodeClasses.IsWhiteSpace(p),
            'w' => UnicodeClasses.IsWord,
            'W' => p => !UnicodeClasses.IsWord(p),
            'd' => UnicodeClasses.IsDigit,
            'D' => p => !UnicodeClasses.IsDigit(p),
            'h' => p => p < 128 && char.IsAsciiHexDigit((char)p),
            'H' => p => p >= 128 || !char.IsAsciiHexDigit((char)p),
            _ => null,
        };
        if (contains is not null)
        {
            at++;
            return new(contains);
        }
        if (points[at] is not ('p' or 'P')) return null;
        var isNegated = points[at] == 'P';
        var open = ++at;
        string name;
        if (at < points.Length && points[at] == '{')
        {
            var end = Array.IndexOf(points, '}', at);
            if (end < 0) throw wrong("lacks a }");
            name = string.Concat(points[(open + 1)..end].Select(char.ConvertFromUtf32));
            at = end + 1;
        }
        else
        {
            if (at == points.Length) throw wrong("ends in \\p");
            name = char.ConvertFromUtf32(points[at++]);
        }
        if (name.StartsWith('^')) (isNegated, name) = (!isNegated, name[1..]);
        var property = Property(name, wrong);
        return new(p => property(p) != isNegated);
    }

    /// <summary>Reads a code point after a backslash.</summary>
    public static int ParseEscaped(int[] points, ref int at, Func<string, Exception> wrong)
    {
        var point = points[at++];
        switch (point)
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'f': return '\f';
            case 'v': return '\v';
            case 'a': return '\a';
            case 'e': return 0x1B;
            case '0': return 0;
            case 'u': return Hex(points, ref at, 4, wrong);
            case 'x' when at < points.Length && points[at] == '{':
                var end = Array.IndexOf(points, '}', at);
                var length = end - at - 1;
                at++;
                var value = Hex(points, ref at, length, wrong);
                at++;
                return value;
            case 'x': return Hex(points, ref at, 2, wrong);
        }
        if (point < 128 && char.IsAsciiLetterOrDigit((char)point)) throw wrong($"has \\{(char)point}, which is not supported");
        return point;
    }

    private static int Hex(int[] points, ref int at, int length, Func<string, Exception> wrong)
    {
        if (length is < 1 or > 6 || at + length > points.Length) throw wrong("has a code point that is no hexadecimal number");
        var text = string.Concat(points[at..(at + length)].Select(char.ConvertFromUtf32));
        if (!int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            throw wrong("has a code point that is no hexadecimal number");
        at += length;
        return value;
    }

    private static Func<int, bool> Range(int[] points, ref int at, bool ignoresCase, Func<string, Exception> wrong)
    {
        var first = One(points, ref at, wrong);
        var last = first;
        if (at + 1 < points.Length && points[at] == '-' && points[at + 1] != ']')
        {
            at++;
            last = One(points, ref at, wrong);
            if (last < first) throw wrong("has a range that ends before it begins");
        }
        if (!ignoresCase) return point => point >= first && point <= last;
        return point => (point >= first && point <= last)
            || (UnicodeClasses.ToLower(point) is var lower && lower >= first && lower <= last)
            || (UnicodeClasses.ToUpper(point) is var upper && upper >= first && upper <= last);
    }

    private static int One(int[] points, ref int at, Func<string, Exception> wrong)
    {
        if (points[at] != '\\') return points[at++];
        at++;
        if (at == points.Length) throw wrong("ends in a backslash");
        if (points[at] == 'b')
        {
            at++;
            return '\b';
        }
        return ParseEscaped(points, ref at, wrong);
    }

    private static Func<int, bool> Posix(int[] points, ref int at, Func<string, Exception> wrong)
    {
        var end = Array.IndexOf(points, ']', at);
        if (end < at + 2 || points[end - 1] != ':' || end + 1 >= points.Length) throw wrong("has a [: without :]");
        var name = string.Concat(points[(at + 1)..(end - 1)].Select(char.ConvertFromUtf32));
        at = end + 1;
        var isNegated = name.StartsWith('^');
        var property = Property(isNegated ? name[1..] : name, wrong);
        return point => property(point) != isNegated;
    }

    private static Func<int, bool> Property(string name, Func<string, Exception> wrong)
    {
        if (Categories(name) is { } wanted)
        {
            var mask = wanted.Aggregate(0, (bits, category) => bits | 1 << (int)category);
            return point => (mask >> (int)UnicodeClasses.Category(point) & 1) != 0;
        }
        return name.ToUpperInvariant() switch
        {
            "ALPHA" => p => UnicodeClasses.IsLetter(p) || UnicodeClasses.IsMark(p),
            "ALNUM" => p => UnicodeClasses.IsLetter(p) || UnicodeClasses.IsMark(p) || UnicodeClasses.IsDigit(p),
            "DIGIT" => UnicodeClasses.IsDigit,
            "SPACE" => UnicodeClasses.IsWhiteSpace,
            "WORD" => UnicodeClasses.IsWord,
            "PUNCT" => UnicodeClasses.IsPunctuation,
            "UPPER" => p => UnicodeClasses.Category(p) == UnicodeCategory.UppercaseLetter,
            "LOWER" => p => UnicodeClasses.Category(p) == UnicodeCategory.LowercaseLetter,
            "CNTRL" => p => UnicodeClasses.Category(p) == UnicodeCategory.Control,
            "HAN" => IsHan,
            _ => throw wrong($"has the property {name}, which is not supported; there are general categories (L, Lu, N, ...) and Han"),
        };
    }

    private static UnicodeCategory[]? Categories(string name)
    {
        var order = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Cn".Split(' ');
        var found = order.Select((short2, i) => (short2, (UnicodeCategory)i))
            .Where(c => c.short2.Equals(name, StringComparison.OrdinalIgnoreCase)
                || (name.Length == 1 && c.short2[0] == char.ToUpperInvariant(name[0])))
            .Select(c => c.Item2).ToArray();
        if (found.Length > 0) return found;
        return name.ToUpperInvariant() switch
        {
            "LETTER" => Categories("L"),
            "MARK" => Categories("M"),
            "NUMBER" => Categories("N"),
            "PUNCTUATION" => Categories("P"),
            "SYMBOL" => Categories("S"),
            "SEPARATOR" => Categories("Z"),
            "OTHER" => Categories("C"),
            _ => null,
        };
    }

    private static bool IsHan(int p) => p is (>= 0x2E80 and <= 0x2E99) or (>= 0x2E9B and <= 0x2EF3) or (>= 0x2F00 and <= 0x2FD5) or 0x3005
        or 0x3007 or (>= 0x3021 and <= 0x3029) or (>= 0x3038 and <= 0x303B) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xF900 and <= 0xFA6D) or (>= 0xFA70 and <= 0xFAD9) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2EBE0)
        or (>= 0x2F800 and <= 0x2FA1D) or (>= 0x30000 and <= 0x323AF);
}
