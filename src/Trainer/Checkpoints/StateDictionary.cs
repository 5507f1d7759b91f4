using System.Collections;
using NativeTrainer.Tensors;

namespace NativeTrainer.Checkpoints;

/// <summary>A dictionary with names for keys, as optimizers and schedules save their state; what it lacks or
/// has otherwise is an error that says where.</summary>
/// <param name="origin">The file that it comes from, for errors.</param>
/// <param name="place">Where in the file, for errors: <c>param_groups[0]</c>.</param>
/// <remarks>Keys keep their order. Values are those of <see cref="TorchFile.Root"/>.</remarks>
public sealed class StateDictionary(string origin = "a state", string place = "") : IReadOnlyCollection<KeyValuePair<string, object?>>
{
    private readonly OrderedDictionary<string, object?> _values = [];

    /// <summary>How many keys.</summary>
    public int Count => _values.Count;

    /// <summary>The keys in order.</summary>
    public IReadOnlyList<string> Keys => _values.Keys;

    /// <summary>A value as it is; null for None. Setting adds the key at the end where it is new.</summary>
    /// <exception cref="CheckpointException">There is no such key.</exception>
    public object? this[string key]
    {
        get => _values.TryGetValue(key, out var value) ? value : throw Wrong($"has no '{key}'; it has {string.Join(", ", Keys)}");
        set => _values[key] = value;
    }

    /// <summary>Adds a key; for collection initialisers.</summary>
    public void Add(string key, object? value) => _values.Add(key, value);

    /// <summary>Whether there is such a key.</summary>
    public bool Contains(string key) => _values.ContainsKey(key);

    /// <summary>Takes a key away; false where there was none.</summary>
    public bool Remove(string key) => _values.Remove(key);

    /// <summary>A number, whole or not, also one in a tensor of one element.</summary>
    public double Number(string key) => this[key] switch
    {
        double number => number,
        float number => number,
        long number => number,
        int number => number,
        TorchTensor { Shape.ElementCount: 1 } tensor => OnlyElement(key, tensor),
        var other => throw Unexpected(key, other, "a number"),
    };

    /// <summary>A number, or another where the key is missing.</summary>
    public double Number(string key, double missing) => Contains(key) ? Number(key) : missing;

    /// <summary>A whole number; 3.0 counts, also in a tensor of one element.</summary>
    public long Whole(string key)
    {
        var number = Number(key);
        return number == Math.Floor(number) && Math.Abs(number) < 1L << 53 ? (long)number : throw Unexpected(key, number, "a whole number");
    }

    /// <summary>True or false.</summary>
    public bool Flag(string key) => this[key] is bool flag ? flag : throw Unexpected(key, this[key], "True or False");

    /// <summary>True or false; what is said here where the key is missing or None.</summary>
    public bool Flag(string key, bool missing) => Contains(key) && this[key] is not null ? Flag(key) : missing;

    /// <summary>A text.</summary>
    public string Text(string key) => this[key] as string ?? throw Unexpected(key, this[key], "a text");

    /// <summary>The numbers of a list or tuple.</summary>
    public double[] Numbers(string key) => this[key] switch
    {
        IEnumerable<double> numbers => [.. numbers],
        IEnumerable<long> numbers => [.. numbers.Select(number => (double)number)],
        System.Runtime.CompilerServices.ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(i => Element(key, tuple[i]))],
        IEnumerable<object?> items => [.. items.Select(item => Element(key, item))],
        var other => throw Unexpected(key, other, "a list of numbers"),
    };

    /// <summary>The whole numbers of a list or tuple.</summary>
    public long[] Wholes(string key) =>
        [.. Numbers(key).Select(n => n == Math.Floor(n) ? (long)n : throw Unexpected(key, n, "a list of whole numbers"))];

    /// <summary>A tensor.</summary>
    public TorchTensor Tensor(string key) => this[key] as TorchTensor ?? throw Unexpected(key, this[key], "a tensor");

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A dictionary of a file, whose keys must be names.</summary>
    internal static StateDictionary From(object? value, string origin, string place = "")
    {
        var dictionary = new StateDictionary(origin, place);
        if (value is not OrderedDictionary<object, object?> entries) throw dictionary.Wrong($"is {Describe(value)}, expected a dictionary");
        foreach (var (key, item) in entries)
        {
            dictionary.Add(key as string ?? throw dictionary.Wrong($"has the key {key}, expected names"), item);
        }
        return dictionary;
    }

    /// <summary>An error about this dictionary.</summary>
    internal CheckpointException Wrong(string problem) => new(origin, place.Length == 0 ? problem : $"{place} {problem}");

    private CheckpointException Unexpected(string key, object? found, string expected) =>
        Wrong($"'{key}' is {Describe(found)}, expected {expected}");

    private double Element(string key, object? item) => item switch
    {
        double number => number,
        float number => number,
        long number => number,
        int number => number,
        _ => throw Unexpected(key, item, "numbers in it"),
    };

    private double OnlyElement(string key, TorchTensor tensor) => tensor.DType switch
    {
        DType.Float32 => tensor.ToTensor().Item<float>(),
        DType.Float64 => tensor.ToTensor().Item<double>(),
        DType.Float16 => (double)tensor.ToTensor().Item<Half>(),
        DType.BFloat16 => (float)tensor.ToTensor().Item<BFloat16>(),
        DType.Int64 => tensor.ToTensor().Item<long>(),
        DType.Int32 => tensor.ToTensor().Item<int>(),
        _ => throw Unexpected(key, tensor, "a number"),
    };

    private static string Describe(object? value) => value switch
    {
        null => "None",
        string text => $"'{text}'",
        bool or long or int or double or float => FormattableString.Invariant($"{value}"),
        TorchTensor tensor => $"a tensor of {tensor.DType.TorchName} {tensor.Shape}",
        OrderedDictionary<object, object?> or StateDictionary => "a dictionary",
        List<object?> => "a list",
        object?[] => "a tuple",
        _ => value.GetType().Name,
    };
}
