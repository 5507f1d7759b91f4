using System.Text.Json;

namespace NativeTrainer.Tests;

/// <summary>The numbers and files of the real thing, copied beside the tests, and a strict comparison with them.</summary>
internal static class Golden
{
    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Goldens", name);

    public static string Text(string name) => File.ReadAllText(Path(name));

    public static JsonElement Json(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path(name)));
        return document.RootElement.Clone();
    }

    /// <summary>The items of a list in a file, found by the keys that lead to it.</summary>
    public static IEnumerable<JsonElement> Rows(string name, params string[] keys)
        => keys.Aggregate(Json(name), (element, key) => element.GetProperty(key)).EnumerateArray();

    /// <summary>The items of a list of texts.</summary>
    public static IEnumerable<string> Texts(JsonElement list) => list.EnumerateArray().Select(t => t.GetString()!);

    /// <summary>An object or list as plain values, with the goldens' words for nan and inf replaced.</summary>
    public static object? Plain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when element.ValueEquals("<nan>") => double.NaN,
        JsonValueKind.String when element.ValueEquals("<inf>") => double.PositiveInfinity,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number when !element.GetRawText().AsSpan().ContainsAny('.', 'e', 'E') && element.TryGetInt64(out var whole) => whole,
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.Array => element.EnumerateArray().Select(Plain).ToList(),
        _ => Map(element),
    };

    public static OrderedDictionary<string, object?> Map(JsonElement element)
    {
        var map = new OrderedDictionary<string, object?>();
        foreach (var property in element.EnumerateObject()) map[property.Name] = Plain(property.Value);
        return map;
    }

    /// <summary>Both as text with sorted keys, so that 1 and 1.0 differ but the order of keys does not count.</summary>
    public static void AssertEqual(object? ours, object? theirs, string where)
        => Assert.That(PythonJson.Write(ours, sortKeys: true), Is.EqualTo(PythonJson.Write(theirs, sortKeys: true)), where);
}
