using System.Globalization;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// Reads a regular expression in the syntax of tokenizer.json (Oniguruma's) and compiles it for <see cref="PointRegex"/>. What it does not
/// know (back references, named groups, conditions) is refused.
/// </summary>
internal sealed class PointRegexParser
{
    private const int Endless = -1;

    private readonly List<RegexStep> _steps = [];
    private readonly string _pattern;
    private readonly int[] _points;
    private int _at;
    private bool _ignoresCase;
    private bool _dotTakesLines;

    private PointRegexParser(string pattern)
    {
        _pattern = pattern;
        _points = [.. pattern.EnumerateRunes().Select(r => r.Value)];
    }

    /// <exception cref="FormatException">The expression is wrong or has what is not supported; the message says where.</exception>
    public static RegexStep[] Parse(string pattern)
    {
        var parser = new PointRegexParser(pattern);
        parser.Alternatives();
        if (parser._at < parser._points.Length) throw parser.Wrong("has a ) too many");
        parser._steps.Add(new(RegexStepKind.Found));
        return [.. parser._steps];
    }

    private void Alternatives()
    {
        var (ignoresCase, dotTakesLines) = (_ignoresCase, _dotTakesLines);
        var jumps = new List<int>();
        while (true)
        {
            var start = _steps.Count;
            while (_at < _points.Length && _points[_at] is not ('|' or ')')) Quantified();
            if (_at == _points.Length || _points[_at] != '|') break;
            _at++;
            Insert(start, new(RegexStepKind.Fork, 1, _steps.Count - start + 2)); // this one first, else what follows its jump
            jumps.Add(_steps.Count);
            _steps.Add(new(RegexStepKind.Jump));
        }
        foreach (var jump in jumps) _steps[jump] = new(RegexStepKind.Jump, _steps.Count - jump);
        (_ignoresCase, _dotTakesLines) = (ignoresCase, dotTakesLines);
    }

    private void Quantified()
    {
        var start = _steps.Count;
        Atom();
        while (_at < _points.Length && ReadCount(out var least, out var most))
        {
            var isLazy = Take('?');
            var isPossessive = !isLazy && Take('+');
            Repeat(start, least, most, isLazy);
            if (isPossessive) Enclose(start, RegexStepKind.Atomic, 0);
        }
    }

    private bool ReadCount(out int least, out int most)
    {
        (least, most) = (0, Endless);
        switch (_points[_at])
        {
            case '*': _at++; return true;
            case '+': _at++; least = 1; return true;
            case '?': _at++; most = 1; return true;
            case '{':
                var end = Array.IndexOf(_points, '}', _at);
                var text = end < 0 ? "" : string.Concat(_points[(_at + 1)..end].Select(p => char.ConvertFromUtf32(p)));
                var numbers = text.Split(',');
                if (numbers.Length > 2 || !(int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out least)
                    || (numbers.Length == 2 && numbers[0].Length == 0))) return false; // a brace that stands for itself
                if (numbers.Length == 1) most = least;
                else if (numbers[1].Length > 0 && !int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out most))
                    return false;
                if (least > 1000 || most > 1000) throw Wrong("repeats more than 1000 times");
                _at = end + 1;
                return true;
            default: return false;
        }
    }

    // x{m,n} is written out: x m times, then n - m times perhaps, or a loop.
    private void Repeat(int start, int least, int most, bool isLazy)
    {
        var body = _steps[start..];
        _steps.RemoveRange(start, body.Count);
        for (var i = 0; i < least; i++) _steps.AddRange(body);
        if (most == Endless && body is [{ Kind: RegexStepKind.Point or RegexStepKind.Set }]) // always takes something
        {
            _steps.Add(Fork(1, 3, isLazy));
            _steps.AddRange(body);
            _steps.Add(new(RegexStepKind.Jump, -2));
            return;
        }
        if (most == Endless)
        {
            _steps.Add(Fork(1, body.Count + 3, isLazy));
            _steps.Add(new(RegexStepKind.Mark));
            _steps.AddRange(body);
            _steps.Add(new(RegexStepKind.Loop, -body.Count - 2)); // back to the fork, unless nothing was taken
            return;
        }
        for (var left = most - least; left > 0; left--)
        {
            _steps.Add(Fork(1, left * (body.Count + 1), isLazy));
            _steps.AddRange(body);
        }
    }

    private static RegexStep Fork(int into, int past, bool isLazy) =>
        isLazy ? new(RegexStepKind.Fork, past, into) : new(RegexStepKind.Fork, into, past);

    private void Atom()
    {
        var point = _points[_at++];
        switch (point)
        {
            case '(': Group(); break;
            case '[': _steps.Add(new(RegexStepKind.Set, Set: PointSet.Parse(_points, ref _at, _ignoresCase, Wrong))); break;
            case '.': _steps.Add(new(RegexStepKind.Set, Set: _dotTakesLines ? PointSet.All : PointSet.NoLineFeed)); break;
            case '^': _steps.Add(new(RegexStepKind.LineStart)); break;
            case '$': _steps.Add(new(RegexStepKind.LineEnd)); break;
            case '*' or '+' or '?': throw Wrong($"has a '{(char)point}' that repeats nothing");
            case '\\': Escape(); break;
            default: Literal(point); break;
        }
    }

    private void Literal(int point) => _steps.Add(_ignoresCase && UnicodeClasses.IsLetter(point)
        ? new(RegexStepKind.Set, Set: PointSet.EitherCase(point))
        : new(RegexStepKind.Point, point));

    private void Escape()
    {
        if (_at == _points.Length) throw Wrong("ends in a backslash");
        switch (_points[_at])
        {
            case 'b': _at++; _steps.Add(new(RegexStepKind.WordEdge, 1)); return;
            case 'B': _at++; _steps.Add(new(RegexStepKind.WordEdge, 0)); return;
            case 'A': _at++; _steps.Add(new(RegexStepKind.TextStart)); return;
            case 'z': _at++; _steps.Add(new(RegexStepKind.TextEnd)); return;
            case 'Z': _at++; _steps.Add(new(RegexStepKind.TextEndOrLastLine)); return;
            case >= '1' and <= '9': throw Wrong("refers back to a group, which is not supported");
        }
        if (PointSet.ParseClass(_points, ref _at, Wrong) is { } set) _steps.Add(new(RegexStepKind.Set, Set: set));
        else Literal(PointSet.ParseEscaped(_points, ref _at, Wrong));
    }

    private void Group()
    {
        var start = _steps.Count;
        var (ignoresCase, dotTakesLines) = (_ignoresCase, _dotTakesLines);
        (RegexStepKind Kind, int Argument)? around = null;
        if (Take('?'))
        {
            if (Take(':')) { }
            else if (Take('=')) around = (RegexStepKind.Ahead, 1);
            else if (Take('!')) around = (RegexStepKind.Ahead, 0);
            else if (Take('>')) around = (RegexStepKind.Atomic, 0);
            else if (Take('<'))
            {
                around = Take('=') ? (RegexStepKind.Behind, 1) : Take('!') ? (RegexStepKind.Behind, 0)
                    : throw Wrong("has a named group, which is not supported");
            }
            else if (!Flags())
            {
                Alternatives(); // (?i) reaches to the end of the group that it stands in
                return;
            }
        }
        Alternatives();
        if (!Take(')')) throw Wrong("lacks a )");
        if (around is { } found) Enclose(start, found.Kind, found.Argument);
        (_ignoresCase, _dotTakesLines) = (ignoresCase, dotTakesLines);
    }

    /// <summary>Reads flags and the mark after them.</summary>
    /// <returns>Whether a group follows (<c>:</c>), not the rest of the one around.</returns>
    private bool Flags()
    {
        var on = true;
        while (_at < _points.Length)
        {
            switch (_points[_at++])
            {
                case 'i': _ignoresCase = on; break;
                case 'm' or 's': _dotTakesLines = on; break;
                case '-': on = false; break;
                case ':': return true;
                case ')': return false;
                default: throw Wrong("has a group (?... that is not supported");
            }
        }
        throw Wrong("lacks a )");
    }

    // A part that is tried by itself: look-around and atomic groups. Its steps end in Found.
    private void Enclose(int start, RegexStepKind kind, int argument)
    {
        _steps.Add(new(RegexStepKind.Found));
        Insert(start, new(kind, argument, _steps.Count - start + 1));
    }

    private void Insert(int at, RegexStep step) => _steps.Insert(at, step); // jumps are relative, and none leads across

    private bool Take(char wanted)
    {
        if (_at == _points.Length || _points[_at] != wanted) return false;
        _at++;
        return true;
    }

    private FormatException Wrong(string problem) => new($"the regular expression {_pattern} {problem} (character {_at})");
}
