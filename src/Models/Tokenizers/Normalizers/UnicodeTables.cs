using System.Globalization;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>The tables of Unicode's normal forms, read from <c>UnicodeNormalization.txt</c> when they are needed first.</summary>
internal static class UnicodeTables
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28;

    private static readonly Dictionary<int, int> Classes = [];
    private static readonly Dictionary<int, int[]> Canonical = [];
    private static readonly Dictionary<int, int[]> Compatible = [];
    private static readonly Dictionary<long, int> Compositions = [];

    static UnicodeTables()
    {
        using var stream = typeof(UnicodeTables).Assembly.GetManifestResourceStream("UnicodeNormalization.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var mark = line.AsSpan().IndexOfAny(":=~");
            var right = line.AsSpan(mark + 1);
            if (line.AsSpan(0, mark).IndexOf('+') is var plus and > 0)
            {
                Compositions[Pair(Hex(line.AsSpan(0, plus)), Hex(line.AsSpan(plus + 1, mark - plus - 1)))] = Hex(right);
            }
            else if (line[mark] == ':')
            {
                var dash = line.IndexOf('-');
                var combining = int.Parse(right, CultureInfo.InvariantCulture);
                var last = Hex(line.AsSpan(dash + 1, mark - dash - 1));
                for (var point = Hex(line.AsSpan(0, dash)); point <= last; point++) Classes[point] = combining;
            }
            else
            {
                var parts = line[(mark + 1)..].Split(' ').Select(part => Hex(part)).ToArray();
                (line[mark] == '=' ? Canonical : Compatible)[Hex(line.AsSpan(0, mark))] = parts;
            }
        }
    }

    public static int CombiningClass(int point) => point < 0x300 ? 0 : Classes.GetValueOrDefault(point);

    /// <summary>What a code point is made of, in full; empty where it is made of itself.</summary>
    public static ReadOnlySpan<int> Decomposition(int point, bool isCompatible, Span<int> hangul)
    {
        if (point < 0x80) return [];
        var syllable = point - HangulBase;
        if (syllable is >= 0 and < Leads * Vowels * Trails)
        {
            hangul[0] = LeadBase + syllable / (Vowels * Trails);
            hangul[1] = VowelBase + syllable / Trails % Vowels;
            hangul[2] = TrailBase + syllable % Trails;
            return hangul[..(hangul[2] == TrailBase ? 2 : 3)];
        }
        if (isCompatible && Compatible.TryGetValue(point, out var parts)) return parts;
        return Canonical.TryGetValue(point, out parts) ? parts : [];
    }

    /// <summary>The character of two; 0 where there is none.</summary>
    public static int Compose(int first, int second)
    {
        if (first - LeadBase is >= 0 and < Leads and var lead && second - VowelBase is >= 0 and < Vowels and var vowel)
            return HangulBase + (lead * Vowels + vowel) * Trails;
        if (first - HangulBase is >= 0 and < Leads * Vowels * Trails and var syllable && syllable % Trails == 0
            && second - TrailBase is > 0 and < Trails and var trail) return first + trail;
        return Compositions.GetValueOrDefault(Pair(first, second));
    }

    private static long Pair(int first, int second) => (long)first << 32 | (uint)second;

    private static int Hex(ReadOnlySpan<char> text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
