using System.Globalization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Optimization;

/// <summary>Reads <c>optim_args</c> ("name=value, name=value") for one optimizer, and refuses what that optimizer does not know.</summary>
internal sealed class OptimizerArguments
{
    private const string Field = "optim_args";

    private readonly Dictionary<string, string> _given = [];
    private readonly HashSet<string> _known = [];
    private readonly string _optimizer;

    /// <summary>Parses as Transformers does: blanks do not count, each item is name=value.</summary>
    /// <exception cref="InvalidArgumentException">An item is not.</exception>
    public OptimizerArguments(string? text, string optimizer)
    {
        _optimizer = optimizer;
        if (string.IsNullOrEmpty(text)) return;
        foreach (var item in text.Replace(" ", "", StringComparison.Ordinal).Split(','))
        {
            if (item.Split('=') is not [var name, var value])
            {
                throw new InvalidArgumentException(Field, $"has \"{item}\", expected name=value items with commas between them");
            }
            _given[name] = value;
        }
    }

    /// <summary>The items as they were given.</summary>
    public IReadOnlyDictionary<string, string> Given => _given;

    public double Number(string name, double fallback) => Find(name) ?? fallback;

    public double? Find(string name)
    {
        _known.Add(name);
        if (!_given.TryGetValue(name, out var text)) return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        throw Wrong(name, text, "a number");
    }

    public int Whole(string name, int fallback)
    {
        var number = Number(name, fallback);
        return number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : throw Wrong(name, _given[name], "a whole number");
    }

    public bool Flag(string name, bool fallback)
    {
        _known.Add(name);
        if (!_given.TryGetValue(name, out var text)) return fallback;
        return text.ToLowerInvariant() switch
        {
            "y" or "yes" or "t" or "true" or "on" or "1" => true,
            "n" or "no" or "f" or "false" or "off" or "0" => false,
            _ => throw Wrong(name, text, "True or False"),
        };
    }

    public string Choice(string name, string fallback, params string[] choices)
    {
        _known.Add(name);
        if (!_given.TryGetValue(name, out var text)) return fallback;
        return choices.Contains(text) ? text : throw Wrong(name, text, "one of " + string.Join(", ", choices));
    }

    public DType DType(string name, DType fallback)
    {
        var text = Choice(name, fallback == Tensors.DType.BFloat16 ? "bfloat16" : "float32", "float32", "bfloat16");
        return text == "bfloat16" ? Tensors.DType.BFloat16 : Tensors.DType.Float32;
    }

    /// <summary>Called once all settings of the optimizer have been asked for.</summary>
    public void RefuseOthers()
    {
        if (_given.Keys.FirstOrDefault(name => !_known.Contains(name)) is not { } unknown) return;
        var expected = _known.Count == 0 ? "nothing" : string.Join(", ", _known);
        var nearest = NearestName.Find(unknown, _known) is { } name && NearestName.Distance(unknown, name) <= 3 ? $" (\"{name}\"?)" : "";
        throw new InvalidArgumentException(Field, $"has \"{unknown}\"{nearest}, expected {expected} with {_optimizer}");
    }

    private static InvalidArgumentException Wrong(string name, string found, string expected) =>
        InvalidArgumentException.Value($"{Field} {name}", found, expected);
}
