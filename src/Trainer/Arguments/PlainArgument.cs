namespace NativeTrainer;

/// <summary>A value that an argument was given, null included, where an argument that was not given is another thing.</summary>
/// <param name="Value">The plain value (see <see cref="PythonValue"/>).</param>
public readonly record struct PlainArgument(object? Value);

/// <summary>What a <see cref="PlainArgument"/> may be besides null.</summary>
public enum PlainShape
{
    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number; whole ones become reals.</summary>
    Real,

    /// <summary>Yes or no; the flag alone means yes.</summary>
    Bool,

    /// <summary>Yes, no, or a word.</summary>
    BoolOrWord,

    /// <summary>Anything in JSON.</summary>
    Json,
}

/// <summary>Reads a <see cref="PlainArgument"/>; on the command line <c>null</c> and <c>None</c> stand for null.</summary>
internal sealed class PlainKind(PlainShape shape) : ArgumentKind<PlainArgument?>
{
    private static readonly BoolKind Bool = new();

    public override string Expected => shape switch
    {
        PlainShape.Whole => "a whole number or null",
        PlainShape.Real => "a number or null",
        PlainShape.Bool => "true or false",
        PlainShape.BoolOrWord => "true, false or a word",
        _ => "JSON",
    };

    public override ArgumentArity Arity => shape is PlainShape.Bool ? ArgumentArity.ZeroOrOne : ArgumentArity.One;

    public override bool TryRead(IReadOnlyList<string> words, out PlainArgument? value)
    {
        value = null;
        if (words is ["null" or "None"])
        {
            value = new PlainArgument(null);
            return true;
        }
        switch (shape)
        {
            case PlainShape.Whole when PythonText.TryReadWhole(words[0], out var whole): return TryConvert(whole, out value);
            case PlainShape.Real when PythonText.TryReadFloat(words[0], out var real): return TryConvert(real, out value);
            case PlainShape.Bool or PlainShape.BoolOrWord when Bool.TryRead(words, out var truth): return TryConvert(truth, out value);
            case PlainShape.BoolOrWord: return TryConvert(words[0], out value);
            case PlainShape.Json: return TryConvert(words[0], out value);
            default: return false;
        }
    }

    public override bool TryConvert(object? plain, out PlainArgument? value)
    {
        value = null;
        try
        {
            if (shape == PlainShape.Json && plain is string text) plain = PythonJson.Read(text);
        }
        catch (FormatException)
        {
            return false;
        }
        if (shape == PlainShape.Real && plain is long number) plain = (double)number;
        value = new PlainArgument(plain);
        return plain is null || shape switch
        {
            PlainShape.Whole => plain is long,
            PlainShape.Real => plain is double,
            PlainShape.Bool => plain is bool,
            PlainShape.BoolOrWord => plain is bool or string or long,
            _ => true,
        };
    }

    public override object? ToPlain(PlainArgument? value) => value?.Value;
}
