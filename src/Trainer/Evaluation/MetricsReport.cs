using NativeTrainer.Tensors;

namespace NativeTrainer.Evaluation;

/// <summary>Metrics on paper: the aligned table that Transformers prints and the result files that it writes.</summary>
internal static class MetricsReport
{
    /// <summary>Values as people read them: texts, or numbers rounded to four decimals.</summary>
    public static OrderedDictionary<string, object> Format(Metrics metrics)
    {
        var formatted = new OrderedDictionary<string, object>();
        foreach (var (name, value) in metrics)
        {
            formatted[name] = name switch
            {
                _ when name.Contains("_mem_", StringComparison.Ordinal) => $"{(long)value >> 20}MB",
                _ when name.Contains("_runtime", StringComparison.Ordinal) => Duration(value),
                "total_flos" => $"{(long)value >> 30}GF",
                _ => value.IsWhole ? value : (Number)PythonText.Round(value, 4),
            };
        }
        return formatted;
    }

    /// <summary>A heading, then a line for each metric in alphabetical order.</summary>
    public static void Print(TextWriter writer, string split, Metrics metrics)
    {
        var lines = Format(metrics).Select(entry => (entry.Key, Text: PythonText.Str(entry.Value)))
            .OrderBy(line => line.Key, StringComparer.Ordinal).ToList();
        writer.WriteLine($"***** {split} metrics *****");
        if (lines.Count == 0) return;
        var (nameWidth, valueWidth) = (lines.Max(line => line.Key.Length), lines.Max(line => line.Text.Length));
        foreach (var (name, text) in lines) writer.WriteLine($"  {name.PadRight(nameWidth)} = {text.PadLeft(valueWidth)}");
    }

    /// <summary>Writes <c>{split}_results.json</c>; <c>all_results.json</c> keeps what other splits have written.</summary>
    public static void Save(string folder, string split, Metrics metrics, bool combined)
    {
        Directory.CreateDirectory(folder);
        var values = metrics.ToDictionary(entry => entry.Key, entry => (object?)entry.Value);
        Write(Path.Combine(folder, $"{split}_results.json"), values);
        if (!combined) return;
        var path = Path.Combine(folder, "all_results.json");
        var all = new Dictionary<string, object?>();
        if (File.Exists(path))
        {
            var earlier = PythonJson.Read(File.ReadAllText(path)) as IReadOnlyDictionary<string, object?>
                ?? throw new InvalidDataException($"{path} is not a JSON object");
            foreach (var (name, value) in earlier) all[name] = value;
        }
        foreach (var (name, value) in values) all[name] = value;
        Write(path, all);
    }

    private static void Write(string path, IReadOnlyDictionary<string, object?> values) =>
        AtomicFile.WriteAllText(path, PythonJson.Write(values, indent: 4, sortKeys: true));

    // Python's str(timedelta) of the whole seconds, and the hundredths cut off: 0:00:06.17, 1 day, 2:03:04.50.
    private static string Duration(double seconds)
    {
        var whole = (long)seconds;
        var (days, rest) = Math.DivRem(whole, 24 * 3600);
        var hundredths = (int)Math.Abs((seconds - whole) * 100);
        var text = FormattableString.Invariant($"{rest / 3600}:{rest / 60 % 60:00}:{rest % 60:00}.{hundredths:00}");
        return days == 0 ? text : $"{days} day{(days == 1 ? "" : "s")}, {text}";
    }
}
