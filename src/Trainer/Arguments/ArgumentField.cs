namespace NativeTrainer;

/// <summary>How many words a flag takes.</summary>
public enum ArgumentArity
{
    /// <summary>One.</summary>
    One,

    /// <summary>None (then true) or one: flags for yes and no.</summary>
    ZeroOrOne,

    /// <summary>One or more: flags for lists.</summary>
    OneOrMore,
}

/// <summary>
/// One argument of a group: its names, what it takes, and how to read and write it. Made by <see cref="ArgumentTable{TGroup}"/>.
/// </summary>
public abstract class ArgumentField
{
    private protected ArgumentField(string name, string category, string help) => (Name, Category, Help) = (name, category, help);

    /// <summary>The name in JSON files, in snake_case.</summary>
    public string Name { get; }

    /// <summary>The name on the command line: two dashes and <see cref="Name"/>.</summary>
    public string Flag => "--" + Name;

    /// <summary>The flag that says no, where yes is the default: <c>--no_save_safetensors</c>.</summary>
    public string? NegativeFlag => Arity == ArgumentArity.ZeroOrOne && Default is true ? "--no_" + Name : null;

    /// <summary>The heading under which help lists it.</summary>
    public string Category { get; }

    /// <summary>One line that says what it does.</summary>
    public string Help { get; }

    /// <summary>What it takes, in words: <c>a whole number</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>How many words its flag takes.</summary>
    public abstract ArgumentArity Arity { get; }

    /// <summary>The only values that it takes; null where there is no such list.</summary>
    public abstract IReadOnlyList<string>? Choices { get; }

    /// <summary>The value that a new group has, before <see cref="IArgumentGroup.Complete"/>.</summary>
    public abstract object? Default { get; }

    /// <summary>Whether it must be given.</summary>
    public bool IsRequired { get; private protected init; }

    /// <summary>Whether a file or a command line may set it.</summary>
    public bool IsSettable { get; private protected init; } = true;

    /// <summary>Whether Transformers 4.37.2 lacks it; then files and texts show it only where it is set.</summary>
    public bool IsExtra { get; internal init; }

    /// <summary>Whether files and texts show it.</summary>
    public bool IsShown(IArgumentGroup group) => !IsExtra || !PythonValue.AreEqual(Get(group), Default);

    /// <summary>The group's value as JSON has it (see <see cref="PythonValue"/>).</summary>
    public abstract object? Get(IArgumentGroup group);

    /// <summary>The group's value as Python's <c>str</c> prints it.</summary>
    public abstract string GetText(IArgumentGroup group);

    /// <summary>Sets the group's value from JSON.</summary>
    /// <exception cref="InvalidArgumentException">The value is of the wrong kind or not among the choices.</exception>
    public abstract void Set(IArgumentGroup group, object? value);

    /// <summary>Sets the group's value from the words that followed the flag; none means true.</summary>
    /// <exception cref="InvalidArgumentException">The words are of the wrong kind or not among the choices.</exception>
    public abstract void Read(IArgumentGroup group, IReadOnlyList<string> words);
}

/// <inheritdoc/>
internal sealed class ArgumentField<TGroup, TValue> : ArgumentField
    where TGroup : class, IArgumentGroup
{
    private readonly Func<TGroup, TValue> _get;
    private readonly Action<TGroup, TValue>? _set;
    private readonly ArgumentKind<TValue> _kind;

    internal ArgumentField(
        string name, string category, string help, ArgumentKind<TValue> kind, TGroup sample, Func<TGroup, TValue> get,
        Action<TGroup, TValue>? set, bool required = false)
        : base(name, category, help)
    {
        (_kind, _get, _set) = (kind, get, set);
        Default = required ? null : kind.ToPlain(get(sample));
        IsRequired = required;
        IsSettable = set is not null;
    }

    public override string Expected => _kind.Choices is { } choices ? "one of " + string.Join(", ", choices) : _kind.Expected;

    public override ArgumentArity Arity => _kind.Arity;

    public override IReadOnlyList<string>? Choices => _kind.Choices;

    public override object? Default { get; }

    public override object? Get(IArgumentGroup group) => _kind.ToPlain(_get((TGroup)group));

    public override string GetText(IArgumentGroup group) => _kind.ToText(_get((TGroup)group));

    public override void Set(IArgumentGroup group, object? value)
    {
        if (!_kind.TryConvert(PythonValue.Normalize(value), out var converted)) throw InvalidArgumentException.Value(Name, value, Expected);
        Assign(group, converted);
    }

    public override void Read(IArgumentGroup group, IReadOnlyList<string> words)
    {
        if (!_kind.TryRead(words, out var value)) throw InvalidArgumentException.Value(Name, string.Join(' ', words), Expected);
        Assign(group, value);
    }

    private void Assign(IArgumentGroup group, TValue value)
    {
        if (_set is null) throw new InvalidOperationException($"{Name} cannot be set");
        _set((TGroup)group, value);
    }
}
