namespace NativeTrainer.Models.Tokenizers;

/// <summary>What a step of a compiled regular expression does.</summary>
internal enum RegexStepKind : byte
{
    /// <summary>Takes one code point.</summary>
    Point,

    /// <summary>Takes one code point of a set.</summary>
    Set,

    /// <summary>Goes on at A; B later, if that fails.</summary>
    Fork,

    /// <summary>Goes on at A.</summary>
    Jump,

    /// <summary>Remembers where a round of a loop began.</summary>
    Mark,

    /// <summary>Goes back to A, unless the round took nothing.</summary>
    Loop,

    /// <summary>The steps up to B match here, or do not (A 0).</summary>
    Ahead,

    /// <summary>The steps up to B match what ends here, or do not (A 0).</summary>
    Behind,

    /// <summary>The steps up to B, without going back into them.</summary>
    Atomic,

    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
    TextEndOrLastLine,

    /// <summary>Between a word and no word (A 1), or not.</summary>
    WordEdge,

    /// <summary>The end.</summary>
    Found,
}

/// <summary>A step; A and B count steps from this one.</summary>
internal readonly record struct RegexStep(RegexStepKind Kind, int A = 0, int B = 0, PointSet? Set = null);

/// <summary>
/// A regular expression over code points, by backtracking. .NET's own works on UTF-16 units, so that its <c>\p{L}</c> knows no letter beyond
/// U+FFFF, and cannot give what Hugging Face's tokenizers give.
/// </summary>
/// <param name="pattern">The expression in Oniguruma's syntax.</param>
internal sealed class PointRegex(string pattern)
{
    private readonly RegexStep[] _steps = PointRegexParser.Parse(pattern);

    [ThreadStatic]
    private static List<(int Step, int At, int Marks)>? _free;

    /// <summary>Finds the first match from a place on.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Find(ReadOnlySpan<int> text, int from, out int start, out int end)
    {
        for (start = from; start <= text.Length; start++)
        {
            end = Match(text, start, 0);
            if (end >= 0) return true;
        }
        (start, end) = (text.Length, text.Length);
        return false;
    }

    /// <summary>The end of a match that begins at a place; -1 where there is none.</summary>
    private int Match(ReadOnlySpan<int> text, int at, int step, int mustEnd = -1)
    {
        var later = _free ?? [];
        _free = null;
        later.Clear();
        var marks = new MarkStack();
        try
        {
            while (true)
            {
                var (kind, a, b, set) = _steps[step];
                var goesOn = true;
                switch (kind)
                {
                    case RegexStepKind.Point:
                        if (goesOn = at < text.Length && text[at] == a) at++;
                        step++;
                        break;
                    case RegexStepKind.Set:
                        if (goesOn = at < text.Length && set!.Contains(text[at])) at++;
                        step++;
                        break;
                    case RegexStepKind.Fork:
                        later.Add((step + b, at, marks.Top));
                        step += a;
                        break;
                    case RegexStepKind.Jump: step += a; break;
                    case RegexStepKind.Mark:
                        marks.Push(at);
                        step++;
                        break;
                    case RegexStepKind.Loop:
                        step = marks.Pop() == at ? step + 1 : step + a;
                        break;
                    case RegexStepKind.Ahead:
                        goesOn = (Match(text, at, step + 1) >= 0) == (a == 1);
                        step += b;
                        break;
                    case RegexStepKind.Behind:
                        goesOn = MatchesBehind(text, at, step + 1) == (a == 1);
                        step += b;
                        break;
                    case RegexStepKind.Atomic:
                        var end = Match(text, at, step + 1);
                        goesOn = end >= 0;
                        at = end;
                        step += b;
                        break;
                    case RegexStepKind.Found:
                        if (mustEnd < 0 || at == mustEnd) return at;
                        goesOn = false;
                        break;
                    default:
                        goesOn = Holds(text, at, kind, a);
                        step++;
                        break;
                }
                if (goesOn) continue;
                if (later.Count == 0) return -1;
                (step, at, var top) = later[^1];
                later.RemoveAt(later.Count - 1);
                marks.Top = top;
            }
        }
        finally
        {
            _free = later;
        }
    }

    private bool MatchesBehind(ReadOnlySpan<int> text, int at, int step)
    {
        for (var start = at; start >= 0; start--)
        {
            if (Match(text, start, step, at) == at) return true;
        }
        return false;
    }

    private static bool Holds(ReadOnlySpan<int> text, int at, RegexStepKind kind, int wanted) => kind switch
    {
        RegexStepKind.LineStart => at == 0 || text[at - 1] == '\n',
        RegexStepKind.LineEnd => at == text.Length || text[at] == '\n',
        RegexStepKind.TextStart => at == 0,
        RegexStepKind.TextEnd => at == text.Length,
        RegexStepKind.TextEndOrLastLine => at == text.Length || (at == text.Length - 1 && text[at] == '\n'),
        _ => ((at > 0 && UnicodeClasses.IsWord(text[at - 1])) != (at < text.Length && UnicodeClasses.IsWord(text[at]))) == (wanted == 1),
    };

    // Where the rounds of the loops around began: a chain that is never changed, so that going back needs only its old top.
    private struct MarkStack
    {
        private List<(int Place, int Below)>? _places;

        public MarkStack() => Top = -1;

        public int Top { get; set; }

        public void Push(int place)
        {
            (_places ??= []).Add((place, Top));
            Top = _places.Count - 1;
        }

        public int Pop()
        {
            (var place, Top) = _places![Top];
            return place;
        }
    }
}
