namespace NativeTrainer;

/// <summary>
/// Takes a command line apart as Python's argparse does: which words are flags (also shortened or with <c>=value</c>), which are their
/// values, and which are left over.
/// </summary>
internal sealed class CommandLineWords
{
    private readonly Dictionary<string, (ArgumentField? Field, bool Negative)> _flags = [];
    private readonly List<string> _remaining = [];

    public CommandLineWords(IEnumerable<ArgumentField> fields)
    {
        foreach (var field in fields)
        {
            _flags.Add(field.Flag, (field, false));
            if (field.NegativeFlag is { } negative) _flags.Add(negative, (field, true));
        }
        _flags.Add("--help", (null, false));
        _flags.Add("-h", (null, false));
    }

    /// <summary>Words that belong to no flag, in order.</summary>
    public IReadOnlyList<string> Remaining => _remaining;

    public IEnumerable<string> KnownFlags => _flags.Keys.Where(f => f != "-h");

    /// <summary>
    /// Hands each flag and its values to <paramref name="assign"/>, in order, so that the last one wins. Returns false if help is wanted.
    /// </summary>
    public bool Read(IReadOnlyList<string> words, Action<ArgumentField, IReadOnlyList<string>> assign)
    {
        var position = 0;
        while (position < words.Count)
        {
            var word = words[position++];
            if (word == "--")
            {
                _remaining.AddRange(words.Skip(position));
                break;
            }
            if (!IsFlag(word) || Find(word) is not var (flag, value))
            {
                _remaining.Add(word);
                continue;
            }
            var (field, negative) = _flags[flag];
            if (field is null) return false;
            if (negative)
            {
                if (value is not null) throw new InvalidArgumentException(flag, $"is given the value \"{value}\", expected none");
                assign(field, ["false"]);
            }
            else
            {
                assign(field, value is not null ? [value] : Values(flag, field, words, ref position));
            }
        }
        return true;
    }

    private static string[] Values(string flag, ArgumentField field, IReadOnlyList<string> words, ref int position)
    {
        var most = field.Arity == ArgumentArity.OneOrMore ? int.MaxValue : 1;
        if (position < words.Count && words[position] == "--" && field.Arity != ArgumentArity.ZeroOrOne) position++;
        var values = new List<string>();
        while (values.Count < most && position < words.Count && !IsFlag(words[position])) values.Add(words[position++]);
        if (values.Count > 0 || field.Arity == ArgumentArity.ZeroOrOne) return [.. values];
        var hint = position < words.Count ? $" (for one that starts with a dash: {flag}={words[position]})" : "";
        throw new InvalidArgumentException(flag, $"has no value, expected {field.Expected}{hint}");
    }

    // A negative number or a text with blanks is a value though it starts with a dash; -1e-3 is not, as in argparse.
    private static bool IsFlag(string word)
    {
        if (word.Length < 2 || word[0] != '-') return false;
        if (word[1] == '-' && !word.Split('=')[0].Contains(' ')) return true;
        return !IsNegativeNumber(word) && !word.Contains(' ');
    }

    private static bool IsNegativeNumber(string word)
    {
        var digits = word.AsSpan(1);
        var point = digits.IndexOf('.');
        if (point < 0) return IsDigits(digits);
        var fraction = digits[(point + 1)..];
        return fraction.Length > 0 && IsDigits(digits[..point]) && IsDigits(fraction);
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;

    // The flag that the word means and the value after its equals sign; null if there is no such flag.
    private (string Flag, string? Value)? Find(string word)
    {
        if (_flags.ContainsKey(word)) return (word, null);
        var equals = word.IndexOf('=');
        var name = equals < 0 ? word : word[..equals];
        var value = equals < 0 ? null : word[(equals + 1)..];
        if (_flags.ContainsKey(name)) return (name, value);
        if (!name.StartsWith("--", StringComparison.Ordinal)) return null;
        var matches = _flags.Where(f => f.Value.Field is not { IsExtra: true } && f.Key.StartsWith(name, StringComparison.Ordinal)).Select(f => f.Key).ToList();
        if (matches.Count > 1) throw new InvalidArgumentException(name, "is short for several flags: " + string.Join(", ", matches));
        return matches.Count == 1 ? (matches[0], value) : null;
    }
}
