using System.Text.Json;
using NativeTrainer.Evaluation;
using NativeTrainer.Tests.Training;

namespace NativeTrainer.Tests.Evaluation;

/// <summary>Metrics as people read them, and as the files have them.</summary>
public sealed class MetricsReportTests
{
    [Test]
    public void Values_are_formatted_as_in_Hugging_Face()
    {
        var golden = Golden.Json("checkpoints/numbers.json").GetProperty("metrics_format");
        var formatted = MetricsReport.Format(NumbersOf(golden.GetProperty("given")));
        Assert.That(Likeness.Difference(formatted, Only(golden.GetProperty("gives"), formatted.Keys), 0), Is.Null);
    }

    [Test]
    public void A_table_is_printed_as_in_Hugging_Face()
    {
        var golden = Golden.Json("checkpoints/numbers.json").GetProperty("log_metrics");
        var writer = new StringWriter { NewLine = "\n" };
        MetricsReport.Print(writer, "all", NumbersOf(golden.GetProperty("given")));
        var expected = Golden.Texts(golden.GetProperty("printed")).Where(line => !line.EndsWith("text", StringComparison.Ordinal));
        Assert.That(writer.ToString().Split('\n'), Is.EqualTo(expected));
    }

    public static IEnumerable<JsonElement> Durations() => Golden.Rows("checkpoints/numbers.json", "seconds");

    [TestCaseSource(nameof(Durations))]
    public void Runtimes_are_hours_minutes_and_hundredths(JsonElement row) => Assert.That(
        MetricsReport.Format(new Metrics { ["x_runtime"] = row.GetProperty("seconds").GetDouble() })["x_runtime"],
        Is.EqualTo(row.GetProperty("text").GetString()));

    public static IEnumerable<JsonElement> Flops() => Golden.Rows("checkpoints/numbers.json", "flops");

    [TestCaseSource(nameof(Flops))]
    public void Operations_are_in_GF(JsonElement row) => Assert.That(
        MetricsReport.Format(new Metrics { ["total_flos"] = row.GetProperty("total_flos").GetDouble() })["total_flos"],
        Is.EqualTo(row.GetProperty("formatted").GetString()));

    public static IEnumerable<JsonElement> Speeds() =>
        Golden.Rows("checkpoints/metrics.json", "speed_metrics with a runtime that is known");

    [TestCaseSource(nameof(Speeds))]
    public void Rates_come_from_the_unrounded_runtime(JsonElement row)
    {
        var metrics = new Metrics();
        var clock = new OneLook(row.GetProperty("runtime").GetDouble());
        SpeedMetrics.Add(metrics, "train", clock, 0, Number("num_samples"), Number("num_steps"), Number("num_tokens"));
        Assert.That(Likeness.Difference(metrics, Golden.Map(row.GetProperty("metrics")), 0), Is.Null);

        double? Number(string name) => row.GetProperty(name).ValueKind == JsonValueKind.Null ? null : row.GetProperty(name).GetDouble();
    }

    [Test]
    public void Other_splits_stay_in_the_combined_file()
    {
        using var folder = new TemporaryFolder();
        MetricsReport.Save(folder.Root, "train", new Metrics { ["train_loss"] = 1.5, ["epoch"] = 1.0 }, combined: true);
        MetricsReport.Save(folder.Root, "eval", new Metrics { ["eval_loss"] = 2.5, ["epoch"] = 2.0 }, combined: true);
        MetricsReport.Save(folder.Root, "test", new Metrics { ["test_loss"] = 3.5 }, combined: false);
        Assert.That(File.ReadAllText(folder["all_results.json"]),
            Is.EqualTo("{\n    \"epoch\": 2.0,\n    \"eval_loss\": 2.5,\n    \"train_loss\": 1.5\n}"));
        Assert.That(File.ReadAllText(folder["test_results.json"]), Is.EqualTo("{\n    \"test_loss\": 3.5\n}"));
    }

    // Ours are numbers: the golden's text and None have no place in them.
    private static Metrics NumbersOf(JsonElement given)
    {
        var metrics = new Metrics();
        foreach (var entry in given.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.Number))
        {
            metrics[entry.Name] = PythonValue.ToNumber(Golden.Plain(entry.Value));
        }
        return metrics;
    }

    private static OrderedDictionary<string, object?> Only(JsonElement map, IEnumerable<string> names) =>
        new(Golden.Map(map).Where(entry => names.Contains(entry.Key)));

    private sealed class OneLook(double seconds) : TimeProvider
    {
        public override long TimestampFrequency => 100_000_000;

        public override long GetTimestamp() => (long)Math.Round(seconds * TimestampFrequency);
    }
}
