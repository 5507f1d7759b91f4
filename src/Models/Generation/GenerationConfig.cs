using System.Collections;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Models;

/// <summary>How text is generated: the fields of Hugging Face's <c>generation_config.json</c>, with its defaults.</summary>
/// <remarks>
/// Every field is honoured, or refused by name where generation starts. Fields of other programs are kept and written back.
/// <example><code>
/// var config = new GenerationConfig { MaxNewTokens = 40, NumBeams = 4, LengthPenalty = 0.8 };
/// var other = config.With(new Dictionary&lt;string, object?&gt; { ["num_beams"] = 1, ["do_sample"] = true });
/// </code></example>
/// </remarks>
public sealed partial class GenerationConfig
{
    private readonly Dictionary<string, object?> _values = new(Defaults);
    private string _origin = nameof(GenerationConfig);

    /// <summary>
    /// Seeds the draws of one call, as <c>torch.manual_seed</c> before it; the thread's generator goes on where null. Not part of the file.
    /// </summary>
    public ulong? Seed { get; set; }

    /// <summary>Whether it was made from a model's <c>config.json</c> and not written by somebody.</summary>
    public bool IsFromModelConfig { get => Bool("_from_model_config"); private set => this["_from_model_config"] = value; }

    /// <summary>A field's plain value (null, bool, long, double, text, list, dictionary) by its name in the file.</summary>
    /// <exception cref="ConfigurationException">There is no such field.</exception>
    public object? this[string name]
    {
        get => _values.TryGetValue(name, out var value) ? value : throw Unknown(name);
        set
        {
            if (!_values.ContainsKey(name)) throw Unknown(name);
            _values[name] = Plain(value);
        }
    }

    /// <summary>Whether there is a field of this name.</summary>
    public static bool Knows(string name) => Defaults.ContainsKey(name);

    /// <summary>The names of all fields, in Hugging Face's order.</summary>
    public static IReadOnlyCollection<string> FieldNames => Defaults.Keys;

    /// <summary>Whether a field has Hugging Face's default.</summary>
    public bool IsAtDefault(string name) => PythonValue.AreEqual(this[name], Defaults.GetValueOrDefault(name));

    /// <summary>A copy, to be changed for one call.</summary>
    public GenerationConfig Clone()
    {
        var copy = new GenerationConfig { Seed = Seed, _origin = _origin };
        foreach (var (name, value) in _values) copy._values[name] = value;
        return copy;
    }

    /// <summary>Sets the fields that are named, null too, as the keywords of Hugging Face's <c>generate()</c> do.</summary>
    /// <param name="options">Values by name; whole numbers, reals, booleans, texts and lists of them in any of .NET's types.</param>
    /// <returns>What is no field of a generation configuration: arguments of the model, or mistakes.</returns>
    public IReadOnlyDictionary<string, object?> Update(IEnumerable<KeyValuePair<string, object?>> options)
    {
        Dictionary<string, object?> others = [];
        foreach (var (name, value) in options)
        {
            if (_values.ContainsKey(name)) this[name] = value;
            else others[name] = value;
        }
        return others;
    }

    /// <summary>A copy with the named fields set, as <see cref="Update"/>.</summary>
    /// <exception cref="ConfigurationException">A name is no field; the message has it.</exception>
    public GenerationConfig With(IEnumerable<KeyValuePair<string, object?>> options)
    {
        var copy = Clone();
        return copy.Update(options).Keys.FirstOrDefault() is { } unknown ? throw Unknown(unknown) : copy;
    }

    // What a file would hold.
    private static object? Plain(object? value) => value switch
    {
        null or bool or long or double or string => value,
        int or short or byte => Convert.ToInt64(value),
        float single => (double)single,
        IDictionary map => map.Keys.Cast<object>().ToDictionary(key => key.ToString()!, key => Plain(map[key])),
        IReadOnlyDictionary<string, object?> map => map.ToDictionary(entry => entry.Key, entry => Plain(entry.Value)),
        IEnumerable list => list.Cast<object?>().Select(Plain).ToList(),
        ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => Plain(tuple[i])).ToList(),
        _ => throw new ArgumentException($"{value.GetType().Name} is no value of a generation option", nameof(value)),
    };

    private int? OptionalInt(string name) => this[name] switch
    {
        null => null,
        long whole and >= int.MinValue and <= int.MaxValue => (int)whole,
        _ => throw Wrong(name, "a whole number"),
    };

    private bool Bool(string name) => this[name] switch
    {
        bool value => value,
        null => false, // as in Python
        _ => throw Wrong(name, "true or false"),
    };

    private double? OptionalNumber(string name) => this[name] switch
    {
        null => null,
        long whole => whole,
        double real => real,
        _ => throw Wrong(name, "a number"),
    };

    // Hugging Face refuses a whole number where it asks for a float.
    private double? OptionalReal(string name) => this[name] switch
    {
        null => null,
        double real => real,
        _ => throw Wrong(name, "a number with a decimal point, as 1.0"),
    };

    private IReadOnlyList<int>? OptionalInts(string name) => this[name] switch
    {
        null => null,
        IReadOnlyList<object?> ids => IntsOf(ids) ?? throw Wrong(name, "a list of whole numbers"),
        _ => throw Wrong(name, "a list of whole numbers"),
    };

    private IReadOnlyList<int>? IntOrInts(string name) => this[name] switch
    {
        null => null,
        long id and >= int.MinValue and <= int.MaxValue => [(int)id],
        IReadOnlyList<object?> ids => IntsOf(ids) ?? throw Wrong(name, "a whole number or a list of them"),
        _ => throw Wrong(name, "a whole number or a list of them"),
    };

    private static int[]? IntsOf(object? value) =>
        value is IReadOnlyList<object?> ids && ids.All(id => id is long and >= int.MinValue and <= int.MaxValue)
            ? [.. ids.Select(id => (int)(long)id!)]
            : null;

    private static object? IntOrList(IReadOnlyList<int>? ids) => ids switch
    {
        null or [] => null,
        [var only] => (long)only,
        _ => ids,
    };

    private ConfigurationException Wrong(string name, string expected) =>
        new(_origin, $"{name} is {PlainJson.Write(this[name])}, expected {expected}");

    private ConfigurationException Unknown(string name) => new(_origin, $"unknown generation option {name}");
}
