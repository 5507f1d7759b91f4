using System.Collections;

namespace NativeTrainer;

/// <summary>
/// The fields of an argument group, a row each: name, category, how to get and set it, one line of help. What a field takes follows from
/// the type of its property; its default is what a new group has. Flags, JSON, help and dictionaries all come from this table.
/// </summary>
/// <example><code>
/// new ArgumentTable&lt;DataArguments&gt;(new())
/// {
///     { "block_size", "data", a => a.BlockSize, (a, v) => a.BlockSize = v, "Tokens in one row." },
/// };
/// </code></example>
/// <typeparam name="TGroup">The group.</typeparam>
/// <param name="sample">A new group, asked for the defaults.</param>
/// <param name="inherited">Fields of the base class, which come first.</param>
/// <param name="isExtra">Whether Transformers 4.37.2 lacks them.</param>
public sealed class ArgumentTable<TGroup>(TGroup sample, IReadOnlyList<ArgumentField>? inherited = null, bool isExtra = false)
    : IReadOnlyList<ArgumentField>
    where TGroup : class, IArgumentGroup
{
    private readonly List<ArgumentField> _fields = [.. inherited ?? []];

    /// <inheritdoc/>
    public int Count => _fields.Count;

    /// <inheritdoc/>
    public ArgumentField this[int index] => _fields[index];

    /// <summary>Text; null is allowed where it is the default. Choices, if any, are checked.</summary>
    public void Add(
        string name, string category, Func<TGroup, string?> get, Action<TGroup, string> set, string help,
        IReadOnlyList<string>? choices = null)
        => Add(name, category, get, (g, v) => set(g, v!), help, new TextKind(get(sample) is null, choices));

    /// <summary>Text that must be given.</summary>
    public void Add(string name, string category, Func<TGroup, string> get, Action<TGroup, string> set, string help, bool required)
        => Add(name, category, get, (g, v) => set(g, v!), help, new TextKind(nullable: false, choices: null), required);

    /// <summary>Yes or no.</summary>
    public void Add(string name, string category, Func<TGroup, bool> get, Action<TGroup, bool> set, string help)
        => Add(name, category, get, set, help, new BoolKind());

    /// <summary>Yes, no or unset.</summary>
    public void Add(string name, string category, Func<TGroup, bool?> get, Action<TGroup, bool?> set, string help)
        => Add(name, category, get, set, help, new NullableKind<bool>(new BoolKind()));

    /// <summary>A whole number.</summary>
    public void Add(string name, string category, Func<TGroup, int> get, Action<TGroup, int> set, string help)
        => Add(name, category, get, set, help, new WholeKind<int>());

    /// <summary>A whole number or unset.</summary>
    public void Add(string name, string category, Func<TGroup, int?> get, Action<TGroup, int?> set, string help)
        => Add(name, category, get, set, help, new NullableKind<int>(new WholeKind<int>()));

    /// <summary>A large whole number.</summary>
    public void Add(string name, string category, Func<TGroup, long> get, Action<TGroup, long> set, string help)
        => Add(name, category, get, set, help, new WholeKind<long>());

    /// <summary>A large whole number or unset.</summary>
    public void Add(string name, string category, Func<TGroup, long?> get, Action<TGroup, long?> set, string help)
        => Add(name, category, get, set, help, new NullableKind<long>(new WholeKind<long>()));

    /// <summary>A number.</summary>
    public void Add(string name, string category, Func<TGroup, Number> get, Action<TGroup, Number> set, string help)
        => Add(name, category, get, set, help, new NumberKind());

    /// <summary>A number or unset.</summary>
    public void Add(string name, string category, Func<TGroup, Number?> get, Action<TGroup, Number?> set, string help)
        => Add(name, category, get, set, help, new NullableKind<Number>(new NumberKind()));

    /// <summary>A list of names or unset.</summary>
    public void Add(
        string name, string category, Func<TGroup, IReadOnlyList<string>?> get, Action<TGroup, IReadOnlyList<string>?> set, string help)
        => Add(name, category, get, set, help, new ListKind());

    /// <summary>A dictionary or unset; with <paramref name="fromFile"/> also the name of a JSON file.</summary>
    public void Add(
        string name, string category, Func<TGroup, IReadOnlyDictionary<string, object?>?> get,
        Action<TGroup, IReadOnlyDictionary<string, object?>?> set, string help, bool fromFile = false)
        => Add(name, category, get, set, help, new MapKind(fromFile));

    /// <summary>A plain value that may be null, or unset.</summary>
    public void Add(
        string name, string category, Func<TGroup, PlainArgument?> get, Action<TGroup, PlainArgument?> set, string help, PlainShape shape)
        => Add(name, category, get, set, help, new PlainKind(shape));

    /// <summary>A member of an enum.</summary>
    public void Add<TEnum>(
        string name, string category, Func<TGroup, TEnum> get, Action<TGroup, TEnum> set, string help, EnumNames<TEnum> names)
        where TEnum : struct, Enum
        => Add(name, category, get, set, help, new EnumKind<TEnum>(names));

    /// <summary>A value that is shown but cannot be given.</summary>
    public void Add(string name, string category, Func<TGroup, int> get, string help)
        => Append(new ArgumentField<TGroup, int>(name, category, help, new WholeKind<int>(), sample, get, null) { IsExtra = isExtra });

    /// <inheritdoc/>
    public IEnumerator<ArgumentField> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add<T>(
        string name, string category, Func<TGroup, T> get, Action<TGroup, T> set, string help, ArgumentKind<T> kind, bool required = false)
        => Append(new ArgumentField<TGroup, T>(name, category, help, kind, sample, get, set, required) { IsExtra = isExtra });

    private void Append(ArgumentField field)
    {
        if (_fields.Any(f => f.Name == field.Name)) throw new ArgumentException($"{field.Name} is in the table twice");
        _fields.Add(field);
    }
}
