using System.Collections;

namespace NativeTrainer;

/// <summary>
/// The plain values that arguments, logs and states consist of, as JSON and Python have them: null, bool, long, double, string,
/// <see cref="IReadOnlyList{T}"/> and <see cref="IReadOnlyDictionary{TKey, TValue}"/> of the same.
/// </summary>
public static class PythonValue
{
    /// <summary>Brings what C# programs hold (int, <see cref="Number"/>, arrays, …) to the plain types; one level deep.</summary>
    /// <exception cref="ArgumentException">The value is of a type that JSON does not have.</exception>
    public static object? Normalize(object? value) => value switch
    {
        null or bool or long or double or string or IReadOnlyDictionary<string, object?> or IReadOnlyList<object?> => value,
        Number number => number.ToPlain(),
        float real => (double)real,
        Half real => (double)real,
        int or short or sbyte or byte or ushort or uint => Convert.ToInt64(value, null),
        IEnumerable<KeyValuePair<string, Number>> numbers => ToMap(numbers, n => n.ToPlain()),
        IEnumerable<KeyValuePair<string, object?>> pairs => ToMap(pairs, v => v),
        IEnumerable items => items.Cast<object?>().ToList(),
        _ => throw new ArgumentException($"{value.GetType()} is not a value that JSON has", nameof(value)),
    };

    /// <summary>Whether two values are equal as Python sees it: 1 equals 1.0, lists and dictionaries by their items.</summary>
    public static bool AreEqual(object? left, object? right) => (Normalize(left), Normalize(right)) switch
    {
        (null, null) => true,
        (bool a, bool b) => a == b,
        (string a, string b) => a == b,
        (long or double, long or double) => ToNumber(left) == ToNumber(right),
        (IReadOnlyDictionary<string, object?> a, IReadOnlyDictionary<string, object?> b)
            => a.Count == b.Count && a.All(p => b.TryGetValue(p.Key, out var other) && AreEqual(p.Value, other)),
        (IReadOnlyList<object?> a, IReadOnlyList<object?> b) => a.Count == b.Count && a.Zip(b).All(p => AreEqual(p.First, p.Second)),
        _ => false,
    };

    /// <summary>A plain value as a number.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static Number ToNumber(object? value) => Normalize(value) switch
    {
        long whole => (Number)whole,
        double real => (Number)real,
        var other => throw new ArgumentException($"{PythonText.Repr(other)} is not a number", nameof(value)),
    };

    private static OrderedDictionary<string, object?> ToMap<T>(IEnumerable<KeyValuePair<string, T>> pairs, Func<T, object?> convert)
    {
        var map = new OrderedDictionary<string, object?>();
        foreach (var (key, value) in pairs) map[key] = convert(value);
        return map;
    }
}
