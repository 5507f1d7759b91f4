using System.Globalization;
using System.Text.RegularExpressions;

namespace NativeTrainer.Tests.Training;

/// <summary>Compares what we recorded with a recording: losses within a tolerance,
/// everything else, order of keys included, to the letter.</summary>
internal static partial class Likeness
{
    /// <summary>The first difference; null where there is none.</summary>
    /// <param name="ours">Plain values (see <see cref="PythonValue"/>).</param>
    /// <param name="theirs">The golden's.</param>
    /// <param name="tolerance">How far losses, and a best metric that is one, may be apart.</param>
    /// <param name="where">The path so far.</param>
    public static string? Difference(object? ours, object? theirs, double tolerance, string where = "")
    {
        (ours, theirs) = (PythonValue.Normalize(ours), PythonValue.Normalize(theirs));
        switch (ours, theirs)
        {
            case (IReadOnlyDictionary<string, object?> a, IReadOnlyDictionary<string, object?> b):
                if (!a.Keys.SequenceEqual(b.Keys)) return $"{where} has {string.Join(", ", a.Keys)}, expected {string.Join(", ", b.Keys)}";
                return b.Keys.Select(key => Difference(a[key], b[key], tolerance, $"{where}.{key}"))
                    .FirstOrDefault(found => found is not null);
            case (IReadOnlyList<object?> a, IReadOnlyList<object?> b):
                var first = a.Zip(b).Select((pair, i) => Difference(pair.First, pair.Second, tolerance, $"{where}[{i}]"))
                    .FirstOrDefault(found => found is not null);
                return first ?? (a.Count == b.Count ? null : $"{where} has {a.Count} items, expected {b.Count}");
            case (double a, double b) when IsLoss(where):
                return Math.Abs(a - b) <= tolerance || a.Equals(b)
                    ? null
                    : $"{where} is {PythonText.Float(a)}, expected {PythonText.Float(b)}";
            default:
                var (text, expected) = (PythonJson.Write(ours), PythonJson.Write(theirs));
                return text == expected ? null : $"{where} is {text}, expected {expected}";
        }
    }

    /// <summary>The first line in which two texts differ in more than the last digits of a loss,
    /// or of what follows from one; null where there is none.</summary>
    public static string? TextDifference(string ours, string theirs, double tolerance)
    {
        var (lines, expected) = (ours.Split('\n'), theirs.Split('\n'));
        for (var i = 0; i < Math.Min(lines.Length, expected.Length); i++)
        {
            if (lines[i] == expected[i] || AreClose(lines[i], expected[i], tolerance)) continue;
            return $"line {i + 1} is {lines[i]}, expected {expected[i]}";
        }
        return lines.Length == expected.Length ? null : $"{lines.Length} lines, expected {expected.Length}";
    }

    private static bool IsLoss(string where) =>
        where.EndsWith("loss", StringComparison.Ordinal) || where.EndsWith(".best_metric", StringComparison.Ordinal);

    private static bool AreClose(string line, string expected, double tolerance)
    {
        var (found, wanted) = (Loss().Matches(line), Loss().Matches(expected));
        if (found.Count == 0 || Loss().Replace(line, "") != Loss().Replace(expected, "")) return false;
        return found.Zip(wanted).All(pair => Math.Abs(Value(pair.First) / Value(pair.Second) - 1) <= tolerance);

        static double Value(Match match) => double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("""(?:loss|best_metric|perplexity)['"]?(?: *=|:) *([-+.e0-9]+)""")]
    private static partial Regex Loss();
}
