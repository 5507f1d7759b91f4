namespace NativeTrainer.Models.Tokenizers;

/// <summary>A part of a text that a pattern found, or left between two finds.</summary>
internal readonly record struct PatternMatch(int Start, int End, bool IsMatch);

/// <summary>Cuts a text into what it finds and what is between; together they cover the text.</summary>
internal interface IPattern
{
    /// <summary>Appends the parts in their order.</summary>
    void Find(ReadOnlySpan<int> text, List<PatternMatch> matches);
}

/// <summary>Finds single code points.</summary>
internal sealed class ClassPattern(Func<int, bool> contains) : IPattern
{
    public void Find(ReadOnlySpan<int> text, List<PatternMatch> matches)
    {
        var last = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!contains(text[i])) continue;
            if (i > last) matches.Add(new(last, i, false));
            matches.Add(new(i, i + 1, true));
            last = i + 1;
        }
        if (last < text.Length) matches.Add(new(last, text.Length, false));
    }
}

/// <summary>Finds a text.</summary>
internal sealed class LiteralPattern(string literal) : IPattern
{
    private readonly int[] _literal = [.. literal.EnumerateRunes().Select(rune => rune.Value)];

    public void Find(ReadOnlySpan<int> text, List<PatternMatch> matches)
    {
        var last = 0;
        while (_literal.Length > 0 && text[last..].IndexOf(_literal) is var found and >= 0)
        {
            if (found > 0) matches.Add(new(last, last + found, false));
            last += found + _literal.Length;
            matches.Add(new(last - _literal.Length, last, true));
        }
        if (last < text.Length) matches.Add(new(last, text.Length, false));
    }
}

/// <summary>Finds what a regular expression matches.</summary>
internal sealed class RegexPattern(string pattern) : IPattern
{
    private readonly PointRegex _regex = new(pattern);

    public void Find(ReadOnlySpan<int> text, List<PatternMatch> matches)
    {
        var (last, from, lastEnd) = (0, 0, -1);
        while (from <= text.Length && _regex.Find(text, from, out var start, out var end))
        {
            if (start == end && end == lastEnd) // nothing, right after a match: as if not found
            {
                from++;
                continue;
            }
            if (start > last) matches.Add(new(last, start, false));
            matches.Add(new(start, end, true));
            (last, lastEnd) = (end, end);
            from = end == start ? end + 1 : end;
        }
        if (last < text.Length) matches.Add(new(last, text.Length, false));
    }
}

/// <summary>Takes what a pattern finds for what is between, and the other way round.</summary>
internal sealed class InvertedPattern(IPattern pattern) : IPattern
{
    public void Find(ReadOnlySpan<int> text, List<PatternMatch> matches)
    {
        var first = matches.Count;
        pattern.Find(text, matches);
        for (var i = first; i < matches.Count; i++) matches[i] = matches[i] with { IsMatch = !matches[i].IsMatch };
    }
}
