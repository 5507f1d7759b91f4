using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NativeTrainer;

/// <summary>
/// JSON as Python's <c>json</c> module writes and reads it: ASCII only, float text of its own, nan and infinity as the bare words NaN and
/// Infinity, which System.Text.Json refuses both ways.
/// </summary>
public static class PythonJson
{
    // Stands for NaN while System.Text.Json reads; a number, so that it passes, and one that nobody writes.
    private const string NanMark = "-0e-999";

    /// <summary>Writes a plain value (see <see cref="PythonValue"/>).</summary>
    /// <param name="value">The value.</param>
    /// <param name="indent">Blanks a level; null writes everything on one line.</param>
    /// <param name="sortKeys">Sort the keys of every dictionary: by code point, or as numbers where all are whole numbers, as the keys of
    /// <c>id2label</c> are in Python.</param>
    public static string Write(object? value, int? indent = null, bool sortKeys = false)
    {
        var text = new StringBuilder();
        Append(text, value, indent, 0, sortKeys);
        return text.ToString();
    }

    /// <summary>Reads JSON into plain values; dictionaries keep the order of the text, and a repeated key its last value.</summary>
    /// <exception cref="FormatException">The text is no JSON; the message has the line.</exception>
    public static object? Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutBareWords(text));
            return ToPlain(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException($"line {(e.LineNumber ?? 0) + 1} is not JSON", e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("has a text with half a surrogate pair in it", e);
        }
    }

    private static void Append(StringBuilder text, object? value, int? indent, int level, bool sortKeys)
    {
        switch (PythonValue.Normalize(value))
        {
            case null: text.Append("null"); break;
            case bool truth: text.Append(truth ? "true" : "false"); break;
            case long whole: text.Append(PythonText.Whole(whole)); break;
            case double real: text.Append(double.IsFinite(real) ? PythonText.Float(real) : FloatWord(real)); break;
            case string s: AppendString(text, s); break;
            case IReadOnlyDictionary<string, object?> map:
                var pairs = sortKeys ? Sorted(map) : map;
                AppendItems(text, '{', '}', pairs, map.Count, indent, level, p =>
                {
                    AppendString(text, p.Key);
                    text.Append(": ");
                    Append(text, p.Value, indent, level + 1, sortKeys);
                });
                break;
            case IReadOnlyList<object?> list:
                AppendItems(text, '[', ']', list, list.Count, indent, level, item => Append(text, item, indent, level + 1, sortKeys));
                break;
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> Sorted(IReadOnlyDictionary<string, object?> map) =>
        map.Keys.All(key => long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? map.OrderBy(pair => long.Parse(pair.Key, CultureInfo.InvariantCulture))
            : map.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    private static void AppendItems<T>(
        StringBuilder text, char open, char close, IEnumerable<T> items, int count, int? indent, int level, Action<T> append)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first) text.Append(indent is null ? ", " : ",");
            first = false;
            if (indent is { } blanks) text.Append('\n').Append(' ', blanks * (level + 1));
            append(item);
        }
        if (count > 0 && indent is { } outer) text.Append('\n').Append(' ', outer * level);
        text.Append(close);
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' or > '~' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }

    private static string FloatWord(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    private static string WithoutBareWords(string text)
    {
        if (!text.Contains("NaN", StringComparison.Ordinal) && !text.Contains("Infinity", StringComparison.Ordinal)) return text;
        var result = new StringBuilder(text.Length);
        var inString = false;
        for (var i = 0; i < text.Length; i++)
        {
            var rest = text.AsSpan(i);
            if (inString && text[i] == '\\' && i + 1 < text.Length) result.Append(text[i++]);
            else if (text[i] == '"') inString = !inString;
            else if (!inString && rest.StartsWith("NaN")) { result.Append(NanMark); i += 2; continue; }
            else if (!inString && rest.StartsWith("Infinity")) { result.Append("1e999"); i += 7; continue; }
            result.Append(text[i]);
        }
        return result.ToString();
    }

    private static object? ToPlain(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Null: return null;
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            case JsonValueKind.String: return element.GetString();
            case JsonValueKind.Array: return element.EnumerateArray().Select(ToPlain).ToList();
            case JsonValueKind.Object:
                var map = new OrderedDictionary<string, object?>();
                foreach (var property in element.EnumerateObject()) map[property.Name] = ToPlain(property.Value);
                return map;
            default:
                var raw = element.GetRawText();
                if (raw == NanMark) return double.NaN;
                if (raw.AsSpan().IndexOfAny('.', 'e', 'E') < 0 && element.TryGetInt64(out var whole)) return whole;
                return element.GetDouble();
        }
    }
}
