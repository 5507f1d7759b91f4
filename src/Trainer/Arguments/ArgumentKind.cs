using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace NativeTrainer;

/// <summary>What an argument takes: how it is read from words and from JSON, and written as JSON and as Python's text.</summary>
internal abstract class ArgumentKind<T>
{
    public abstract string Expected { get; }

    public virtual ArgumentArity Arity => ArgumentArity.One;

    public virtual IReadOnlyList<string>? Choices => null;

    public abstract bool TryRead(IReadOnlyList<string> words, [MaybeNullWhen(false)] out T value);

    public abstract bool TryConvert(object? plain, [MaybeNullWhen(false)] out T value);

    public abstract object? ToPlain(T value);

    public virtual string ToText(T value) => PythonText.Str(ToPlain(value));
}

/// <summary>Text; null only where unset is the default.</summary>
internal sealed class TextKind(bool nullable, IReadOnlyList<string>? choices) : ArgumentKind<string?>
{
    public override string Expected => nullable ? "text or null" : "text";

    public override IReadOnlyList<string>? Choices => choices;

    public override bool TryRead(IReadOnlyList<string> words, out string? value) => TryConvert(words[0], out value);

    public override bool TryConvert(object? plain, out string? value)
    {
        value = plain as string;
        return plain is null ? nullable : value is not null && (choices is null || choices.Contains(value));
    }

    public override object? ToPlain(string? value) => value;
}

/// <summary>Yes or no: a bool in JSON, one of Hugging Face's words on the command line.</summary>
internal sealed class BoolKind : ArgumentKind<bool>
{
    private static readonly string[] Yes = ["yes", "true", "t", "y", "1"];
    private static readonly string[] No = ["no", "false", "f", "n", "0"];

    public override string Expected => "true or false";

    public override ArgumentArity Arity => ArgumentArity.ZeroOrOne;

    public override bool TryRead(IReadOnlyList<string> words, out bool value)
    {
        value = words.Count == 0 || Yes.Contains(words[0], StringComparer.OrdinalIgnoreCase);
        return value || No.Contains(words[0], StringComparer.OrdinalIgnoreCase);
    }

    public override bool TryConvert(object? plain, out bool value)
    {
        value = plain is true;
        return plain is bool;
    }

    public override object? ToPlain(bool value) => value;
}

/// <summary>A whole number. JSON may write it with a fraction of 0 (10.0); the command line may not.</summary>
internal sealed class WholeKind<T> : ArgumentKind<T>
    where T : struct, IBinaryInteger<T>
{
    public override string Expected => "a whole number";

    public override bool TryRead(IReadOnlyList<string> words, out T value)
    {
        value = default;
        return PythonText.TryReadWhole(words[0], out var whole) && TryConvert(whole, out value);
    }

    public override bool TryConvert(object? plain, out T value)
    {
        value = default;
        if (plain is double real && double.IsInteger(real) && Math.Abs(real) < long.MaxValue) plain = (long)real;
        if (plain is not long whole) return false;
        value = T.CreateSaturating(whole);
        return long.CreateChecked(value) == whole;
    }

    public override object? ToPlain(T value) => long.CreateChecked(value);
}

/// <summary>A number; from the command line always a real one, as Python's <c>float</c> makes it.</summary>
internal sealed class NumberKind : ArgumentKind<Number>
{
    public override string Expected => "a number";

    public override bool TryRead(IReadOnlyList<string> words, out Number value)
    {
        var isNumber = PythonText.TryReadFloat(words[0], out var real);
        value = real;
        return isNumber;
    }

    public override bool TryConvert(object? plain, out Number value)
    {
        value = plain is long or double ? PythonValue.ToNumber(plain) : default;
        return plain is long or double;
    }

    public override object? ToPlain(Number value) => value.ToPlain();
}

/// <summary>What <paramref name="inner"/> takes, or null. On the command line it needs a value, as null and false differ.</summary>
internal sealed class NullableKind<T>(ArgumentKind<T> inner) : ArgumentKind<T?>
    where T : struct
{
    public override string Expected => inner.Expected + " or null";

    public override IReadOnlyList<string>? Choices => inner.Choices;

    public override bool TryRead(IReadOnlyList<string> words, out T? value)
    {
        var read = inner.TryRead(words, out var given);
        value = given;
        return read;
    }

    public override bool TryConvert(object? plain, out T? value)
    {
        value = null;
        if (plain is null) return true;
        if (!inner.TryConvert(plain, out var given)) return false;
        value = given;
        return true;
    }

    public override object? ToPlain(T? value) => value is { } given ? inner.ToPlain(given) : null;
}

/// <summary>A list of names; a single name stands for a list of one.</summary>
internal sealed class ListKind : ArgumentKind<IReadOnlyList<string>?>
{
    public override string Expected => "a list of names or null";

    public override ArgumentArity Arity => ArgumentArity.OneOrMore;

    public override bool TryRead(IReadOnlyList<string> words, out IReadOnlyList<string>? value)
    {
        value = words;
        return true;
    }

    public override bool TryConvert(object? plain, out IReadOnlyList<string>? value)
    {
        value = plain switch
        {
            string single => [single],
            IReadOnlyList<object?> many when many.All(m => m is string) => [.. many.Cast<string>()],
            _ => null,
        };
        return plain is null || value is not null;
    }

    public override object? ToPlain(IReadOnlyList<string>? value) => value;
}

/// <summary>One member of an enum, by its value.</summary>
internal sealed class EnumKind<T>(EnumNames<T> names) : ArgumentKind<T>
    where T : struct, Enum
{
    public override string Expected => "one of " + string.Join(", ", names.Values);

    public override IReadOnlyList<string>? Choices => names.Values;

    public override bool TryRead(IReadOnlyList<string> words, out T value) => names.TryParse(words[0], out value);

    public override bool TryConvert(object? plain, out T value)
    {
        value = default;
        return plain is string text && names.TryParse(text, out value);
    }

    public override object? ToPlain(T value) => names.Value(value);

    public override string ToText(T value) => names.Str(value);
}

/// <summary>
/// Several members of an enum. JSON has a list, or one text with blanks between; the command line has separate words
/// (<c>--debug a b</c>) or, with <paramref name="oneWord"/>, one text (<c>--fsdp "a b"</c>). Where <paramref name="whenTrue"/> is given,
/// JSON may also say true or false.
/// </summary>
internal sealed class EnumListKind<T>(EnumNames<T> names, bool oneWord, bool nullable, T? whenTrue = null) : ArgumentKind<IReadOnlyList<T>>
    where T : struct, Enum
{
    public override string Expected => "a list of " + string.Join(", ", names.Values);

    public override ArgumentArity Arity => oneWord ? ArgumentArity.One : ArgumentArity.OneOrMore;

    public override bool TryRead(IReadOnlyList<string> words, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
        => TryParse(oneWord ? Split(words[0]) : words, out value);

    public override bool TryConvert(object? plain, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        value = null;
        switch (plain)
        {
            case bool truth when whenTrue is { } item:
                value = truth ? [item] : [];
                return true;
            case null:
                value = [];
                return nullable;
            case string text:
                return TryParse(Split(text), out value);
            case IReadOnlyList<object?> list when list.All(i => i is string):
                return TryParse(list.Cast<string>(), out value);
            default:
                return false;
        }
    }

    public override object? ToPlain(IReadOnlyList<T> value) => value.Select(v => (object?)names.Value(v)).ToList();

    public override string ToText(IReadOnlyList<T> value) => "[" + string.Join(", ", value.Select(names.Repr)) + "]";

    private static string[] Split(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private bool TryParse(IEnumerable<string> words, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        var items = new List<T>();
        foreach (var word in words)
        {
            if (!names.TryParse(word, out var item))
            {
                value = null;
                return false;
            }
            items.Add(item);
        }
        value = items;
        return true;
    }
}

/// <summary>
/// A dictionary: an object in JSON, or its JSON text, which the command line takes too (Hugging Face 4.37 takes none there). With
/// <paramref name="fromFile"/> other text is the name of a JSON file.
/// </summary>
internal sealed class MapKind(bool fromFile) : ArgumentKind<IReadOnlyDictionary<string, object?>?>
{
    public override string Expected => fromFile ? "an object in JSON or a file that has one" : "an object in JSON";

    public override bool TryRead(IReadOnlyList<string> words, out IReadOnlyDictionary<string, object?>? value)
    {
        value = null;
        try
        {
            var json = fromFile && !words[0].TrimStart().StartsWith('{') ? File.ReadAllText(words[0]) : words[0];
            value = PythonJson.Read(json) as IReadOnlyDictionary<string, object?>;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
        }
        return value is not null;
    }

    public override bool TryConvert(object? plain, out IReadOnlyDictionary<string, object?>? value)
    {
        if (plain is string text) return TryRead([text], out value);
        value = plain as IReadOnlyDictionary<string, object?>;
        return plain is null || value is not null;
    }

    public override object? ToPlain(IReadOnlyDictionary<string, object?>? value) => value;
}
