using System.Text;

namespace NativeTrainer;

/// <summary>
/// Fills several groups of arguments from a command line, a JSON file, or a file and then flags that override it, with the rules of Hugging
/// Face's parser: <c>--name value</c>, <c>--name=value</c>, any beginning of a name that fits no other, <c>--flag</c>, <c>--flag no</c>,
/// <c>--no_flag</c> where the default is true, and numbers as Python reads them.
/// </summary>
/// <example><code>
/// var (data, training) = (new DataArguments(), new TrainingArguments(""));
/// if (!new HfArgumentParser(data, training).Parse(args)) return; // asked for help
/// </code></example>
public sealed class HfArgumentParser
{
    private readonly IReadOnlyList<IArgumentGroup> _groups;
    private readonly Dictionary<string, (IArgumentGroup Group, ArgumentField Field)> _byName = [];
    private readonly HashSet<string> _given = [];

    /// <summary>Creates a parser that fills these groups.</summary>
    /// <exception cref="ArgumentException">Two groups have a field of the same name.</exception>
    public HfArgumentParser(params IReadOnlyList<IArgumentGroup> groups)
    {
        _groups = groups;
        foreach (var group in groups)
        {
            foreach (var field in group.Fields.Where(f => f.IsSettable))
            {
                if (_byName.TryAdd(field.Name, (group, field))) continue;
                throw new ArgumentException($"two groups have a field {field.Name}", nameof(groups));
            }
        }
    }

    /// <summary>All fields that can be given, group by group.</summary>
    public IEnumerable<ArgumentField> Fields => _byName.Values.Select(v => v.Field);

    /// <summary>Reads what a command was given: a file that ends in .json, flags, or the file and then flags that override it.</summary>
    /// <param name="words">The words after the command's name.</param>
    /// <returns>False if help is asked for; the groups are then not completed.</returns>
    /// <exception cref="InvalidArgumentException">Something is unknown, of the wrong kind, missing, or does not go together.</exception>
    public bool Parse(IReadOnlyList<string> words)
    {
        var hasFile = words.Count > 0 && !words[0].StartsWith('-') && words[0].EndsWith(".json", StringComparison.Ordinal);
        if (hasFile) SetFromFile(words[0], allowExtraKeys: false);
        return ParseWords(hasFile ? [.. words.Skip(1)] : words, returnRemaining: false, out _);
    }

    /// <summary>Reads a command line of flags alone.</summary>
    /// <param name="words">The words.</param>
    /// <param name="argsFilename">A text file of flags that are read first; ignored if it does not exist.</param>
    /// <param name="argsFileFlag">A flag that names such a file on the command line, <c>--cfg</c>; given twice, the last counts.</param>
    /// <returns>False if help is asked for.</returns>
    /// <exception cref="InvalidArgumentException">Something is unknown, of the wrong kind, missing, or does not go together.</exception>
    public bool ParseCommandLine(IReadOnlyList<string> words, string? argsFilename = null, string? argsFileFlag = null)
        => ParseWords([.. FileWords(argsFilename), .. ReplaceFileFlag(words, argsFileFlag)], returnRemaining: false, out _);

    /// <summary>Reads a command line, and hands back the words that it does not know.</summary>
    /// <exception cref="InvalidArgumentException">Something is of the wrong kind, missing, or does not go together.</exception>
    public bool ParseKnownArguments(IReadOnlyList<string> words, out IReadOnlyList<string> remaining)
        => ParseWords(words, returnRemaining: true, out remaining);

    /// <summary>Reads a JSON file with one flat object.</summary>
    /// <param name="path">The file.</param>
    /// <param name="allowExtraKeys">Pass over keys that no group has, instead of refusing them.</param>
    /// <exception cref="InvalidArgumentException">Something is unknown, of the wrong kind, missing, or does not go together.</exception>
    public void ParseJsonFile(string path, bool allowExtraKeys = false)
    {
        SetFromFile(path, allowExtraKeys);
        Complete();
    }

    /// <summary>Reads a dictionary of plain values (see <see cref="PythonValue"/>).</summary>
    /// <inheritdoc cref="ParseJsonFile"/>
    public void ParseDict(IReadOnlyDictionary<string, object?> values, bool allowExtraKeys = false)
    {
        SetAll(values, allowExtraKeys);
        Complete();
    }

    /// <summary>Help: the flags under their headings, with what they take, their default and what they do.</summary>
    public string FormatHelp()
    {
        var text = new StringBuilder();
        foreach (var category in Fields.GroupBy(f => f.Category))
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(category.Key).Append('\n');
            foreach (var field in category)
            {
                var negative = field.NegativeFlag is { } flag ? ", " + flag : "";
                var state = field.IsRequired ? "required" : "default " + PythonJson.Write(field.Default);
                text.Append($"  {field.Flag}{negative}: {field.Expected} ({state})\n      {field.Help}\n");
            }
        }
        return text.ToString();
    }

    private bool ParseWords(IReadOnlyList<string> words, bool returnRemaining, out IReadOnlyList<string> remaining)
    {
        var line = new CommandLineWords(Fields);
        var wantsRun = line.Read(words, (field, values) =>
        {
            field.Read(_byName[field.Name].Group, values);
            _given.Add(field.Name);
        });
        remaining = line.Remaining;
        if (!wantsRun) return false;
        if (!returnRemaining && remaining.FirstOrDefault(w => w.StartsWith('-') && w.Length > 1) is { } unknown)
        {
            var name = unknown.Split('=')[0];
            var flag = LaterName(name.TrimStart('-')) is { } later ? "--" + later : NearestName.Find(name, line.KnownFlags);
            throw new InvalidArgumentException(name, "is unknown; the nearest known flag is " + flag);
        }
        CheckRequired();
        if (!returnRemaining && remaining.Count > 0) throw new InvalidArgumentException($"\"{remaining[0]}\"", "belongs to no flag");
        Complete();
        return true;
    }

    private void SetFromFile(string path, bool allowExtraKeys)
    {
        try
        {
            if (PythonJson.Read(File.ReadAllText(path)) is not IReadOnlyDictionary<string, object?> values)
            {
                throw new InvalidArgumentException(path, "holds no JSON object, expected one object of argument names and values");
            }
            SetAll(values, allowExtraKeys);
        }
        catch (InvalidArgumentException e) when (e.Argument != path)
        {
            throw e.From(path);
        }
        catch (FormatException e)
        {
            throw new InvalidArgumentException(path, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidArgumentException(path, "cannot be read: " + e.Message);
        }
    }

    private void SetAll(IReadOnlyDictionary<string, object?> values, bool allowExtraKeys)
    {
        foreach (var (name, value) in values)
        {
            if (_byName.TryGetValue(name, out var target))
            {
                target.Field.Set(target.Group, value);
                _given.Add(name);
            }
            else if (!allowExtraKeys)
            {
                var nearest = LaterName(name) ?? NearestName.Find(name, _byName.Keys);
                throw new InvalidArgumentException($"\"{name}\"", "is unknown; the nearest known name is " + nearest);
            }
        }
    }

    private string? LaterName(string name)
        => TrainingArgumentsTable.LaterNames.TryGetValue(name, out var known) && _byName.ContainsKey(known) ? known : null;

    private void Complete()
    {
        CheckRequired();
        foreach (var group in _groups) group.Complete();
    }

    private void CheckRequired()
    {
        if (Fields.FirstOrDefault(f => f.IsRequired && !_given.Contains(f.Name)) is { } missing)
        {
            throw new InvalidArgumentException(missing.Name, $"is missing, expected {missing.Expected}");
        }
    }

    private static IEnumerable<string> FileWords(string? path)
        => path is not null && File.Exists(path) ? File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : [];

    private static IReadOnlyList<string> ReplaceFileFlag(IReadOnlyList<string> words, string? flag)
    {
        if (flag is null) return words;
        string? path = null;
        var others = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i].StartsWith(flag + "=", StringComparison.Ordinal)) path = words[i][(flag.Length + 1)..];
            else if (words[i] != flag) others.Add(words[i]);
            else if (++i < words.Count) path = words[i];
            else throw new InvalidArgumentException(flag, "has no value, expected a file of flags");
        }
        return [.. FileWords(path), .. others];
    }
}
