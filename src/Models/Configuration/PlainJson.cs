using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NativeTrainer.Models;

/// <summary>
/// JSON to and from plain values (null, bool, long, double, text, lists, dictionaries), written as Python's
/// <c>json.dumps(sort_keys=True)</c> does: files that are saved here have the bytes that Hugging Face would have written.
/// </summary>
internal static class PlainJson
{
    /// <summary>Reads an object from a file.</summary>
    /// <exception cref="ConfigurationException">There is no such file, or it holds no JSON object.</exception>
    public static IReadOnlyDictionary<string, object?> ReadFile(string path)
    {
        if (!File.Exists(path)) throw new ConfigurationException(path, "no such file");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return ToPlain(document.RootElement) as IReadOnlyDictionary<string, object?>
                ?? throw new ConfigurationException(path, $"found a JSON {document.RootElement.ValueKind}, expected an object");
        }
        catch (JsonException e)
        {
            throw new ConfigurationException(path, $"line {(e.LineNumber ?? 0) + 1} is not JSON: {e.Message}", e);
        }
    }

    /// <summary>A JSON value as a plain one.</summary>
    public static object? ToPlain(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Null: return null;
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            case JsonValueKind.String: return element.GetString();
            case JsonValueKind.Array: return element.EnumerateArray().Select(ToPlain).ToList();
            case JsonValueKind.Object: return element.EnumerateObject().ToDictionary(entry => entry.Name, entry => ToPlain(entry.Value));
            default:
                if (element.GetRawText().AsSpan().IndexOfAny(".eE") < 0 && element.TryGetInt64(out var whole)) return whole;
                return element.GetDouble();
        }
    }

    /// <summary>
    /// The text of a plain value; dictionaries by sorted keys (as numbers where all are whole), on one line or two blanks a level.
    /// </summary>
    public static string Write(object? value, bool indented = false)
    {
        var text = new StringBuilder();
        Append(text, value, indented ? 0 : -1);
        return text.ToString();
    }

    /// <summary>Whether two plain values are equal as Python sees them: 1 and 1.0 are.</summary>
    public static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (long a, double b) => a == b,
        (double a, long b) => a == b,
        (IReadOnlyList<object?> a, IReadOnlyList<object?> b) =>
            a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
        (IReadOnlyDictionary<string, object?> a, IReadOnlyDictionary<string, object?> b) =>
            a.Count == b.Count && a.All(entry => b.TryGetValue(entry.Key, out var other) && AreEqual(entry.Value, other)),
        _ => Equals(left, right),
    };

    /// <summary>A whole number's digits.</summary>
    public static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest text that reads back to the same value, as Python's <c>repr</c> puts it: 1e-05, 0.0001, 1.0, 1e+16.</summary>
    public static string Real(double value)
    {
        if (!double.IsFinite(value)) return double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        var shortest = "";
        for (var precision = 0; precision <= 16; precision++)
        {
            shortest = value.ToString($"E{precision}", CultureInfo.InvariantCulture); // easy to take apart
            if (double.Parse(shortest, CultureInfo.InvariantCulture) == value) break;
        }
        var mark = shortest.IndexOf('E');
        var sign = shortest[0] == '-' ? "-" : "";
        var digits = shortest[sign.Length..mark].Replace(".", "");
        var exponent = int.Parse(shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent is < -4 or >= 16)
        {
            var power = Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
            return $"{sign}{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? '-' : '+')}{power}";
        }
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        var whole = digits.PadRight(exponent + 1, '0');
        return $"{sign}{whole[..(exponent + 1)]}.{(digits.Length > exponent + 1 ? digits[(exponent + 1)..] : "0")}";
    }

    private static void Append(StringBuilder text, object? value, int level)
    {
        switch (value)
        {
            case null: text.Append("null"); break;
            case bool truth: text.Append(truth ? "true" : "false"); break;
            case long whole: text.Append(whole.ToString(CultureInfo.InvariantCulture)); break;
            case double real: text.Append(Real(real)); break;
            case string words: AppendText(text, words); break;
            case IReadOnlyDictionary<string, object?> map:
                AppendItems(text, "{}", Sorted(map), level, entry =>
                {
                    AppendText(text, entry.Key);
                    text.Append(": ");
                    Append(text, entry.Value, Inner(level));
                });
                break;
            case IReadOnlyList<object?> list:
                AppendItems(text, "[]", list, level, item => Append(text, item, Inner(level)));
                break;
            default: throw new ArgumentException($"JSON has no {value.GetType().Name}", nameof(value));
        }
    }

    private static int Inner(int level) => level < 0 ? level : level + 1;

    private static IEnumerable<KeyValuePair<string, object?>> Sorted(IReadOnlyDictionary<string, object?> map) =>
        map.Keys.All(key => int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? map.OrderBy(entry => int.Parse(entry.Key, CultureInfo.InvariantCulture))
            : map.OrderBy(entry => entry.Key, StringComparer.Ordinal);

    private static void AppendItems<T>(StringBuilder text, string brackets, IEnumerable<T> items, int level, Action<T> append)
    {
        text.Append(brackets[0]);
        var first = true;
        foreach (var item in items)
        {
            if (!first) text.Append(level < 0 ? ", " : ",");
            first = false;
            if (level >= 0) text.Append('\n').Append(' ', 2 * (level + 1));
            append(item);
        }
        if (level >= 0 && !first) text.Append('\n').Append(' ', 2 * level);
        text.Append(brackets[1]);
    }

    private static void AppendText(StringBuilder text, string words)
    {
        text.Append('"');
        foreach (var letter in words)
        {
            _ = letter switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' or > '~' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => text.Append(letter),
            };
        }
        text.Append('"');
    }
}
