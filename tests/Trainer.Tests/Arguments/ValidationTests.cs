using System.Text.Json;

namespace NativeTrainer.Tests.Arguments;

/// <summary>
/// What construction fills in and refuses. The environment variables that accelerate would read are not set: nothing reads them here.
/// </summary>
public sealed class ValidationTests
{
    /// <summary>Where we differ, and why.</summary>
    private static readonly Dictionary<string, (string Why, bool Accepted)> Different = new()
    {
        ["""{"output_dir": null}"""] = ("without an output folder nothing can be saved", false),
        ["""{"lr_scheduler_type": "cosine_with_min_lr"}"""] = ("a schedule of later versions that exists here", true),
        ["""{"lr_scheduler_kwargs": "{\"num_cycles\": 2}"}"""] = ("JSON text is read as the object that it is", true),
        ["""{"gradient_checkpointing_kwargs": "{\"use_reentrant\": false}"}"""] = ("JSON text is read as the object that it is", true),
        ["""{"half_precision_backend": "cuda_amp"}"""] = ("choices are checked in files too, not first when they are used", false),
        ["""{"log_level": "loud"}"""] = ("choices are checked in files too, not first when they are used", false),
        ["""{"learning_rate": "1e-3"}"""] = ("text is no number; Hugging Face finds out when training begins", false),
        ["""{"deepspeed": "ds.json"}"""] = ("refused when a Trainer is made, with all else that is not supported", true),
    };

    public static IEnumerable<TestCaseData> Cases() => Of("TrainingArguments");

    public static IEnumerable<TestCaseData> Seq2SeqCases() => Of("Seq2SeqTrainingArguments");

    [TestCaseSource(nameof(Cases))]
    public void Construction_has_the_same_outcome(JsonElement row) => Check(row, Given.Training());

    [TestCaseSource(nameof(Seq2SeqCases))]
    public void Seq2Seq_construction_has_the_same_outcome(JsonElement row) => Check(row, Given.Seq2Seq());

    [Test]
    public void Every_difference_is_a_case()
        => Assert.That(Different.Keys, Is.SubsetOf(Cases().Select(c => Key((JsonElement)c.Arguments[0]!))));

    [TestCase("load_best_model_at_end",
        "load_best_model_at_end is true, expected save_strategy (steps) and evaluation_strategy (no) to be equal with it")]
    [TestCase("warmup_ratio", "warmup_ratio is 1.5, expected a number from 0 to 1")]
    [TestCase("logging_steps", "logging_steps is 1.5, expected a whole number, or a share of all steps below 1")]
    public void Refusals_name_argument_value_and_what_was_expected(string argument, string message)
    {
        var args = new TrainingArguments("out") { LoadBestModelAtEnd = argument == "load_best_model_at_end" };
        if (argument == "warmup_ratio") args.WarmupRatio = 1.5;
        if (argument == "logging_steps") args.LoggingSteps = 1.5;
        Assert.That(args.Complete,
            Throws.TypeOf<InvalidArgumentException>().With.Message.EqualTo(message).And.Property("Argument").EqualTo(argument));
    }

    [Test]
    public void Fsdp_settings_come_from_a_file_too()
    {
        var path = Path.Combine(Path.GetTempPath(), $"fsdp-{Guid.NewGuid():N}.json");
        File.WriteAllText(path, """{"fsdp_min_num_params": 100, "fsdp_backward_prefetch": "backward_pre", "xla": false}""");
        try
        {
            var args = Given.Training();
            new HfArgumentParser(args).ParseCommandLine(["--output_dir", "out", "--fsdp", "full_shard", "--fsdp_config", path]);
            Assert.That(PythonJson.Write(args.FsdpConfig),
                Is.EqualTo("""{"xla": false, "min_num_params": 100, "backward_prefetch": "backward_pre", "xla_fsdp_grad_ckpt": false}"""));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Check(JsonElement row, TrainingArguments args)
    {
        var given = Golden.Map(row.GetProperty("given"));
        var isDifferent = Different.TryGetValue(Key(row), out var ours);
        if (!(isDifferent ? ours.Accepted : row.GetProperty("outcome").GetString() == "accepted"))
        {
            Assert.That(() => Given.With(args, row.GetProperty("given")), Throws.TypeOf<InvalidArgumentException>());
            return;
        }
        Given.With(args, row.GetProperty("given"));
        if (isDifferent) return;

        var expected = Given.Values(Given.With(args is Seq2SeqTrainingArguments ? Given.Seq2Seq() : Given.Training()));
        foreach (var (name, value) in given) expected[name] = value;
        foreach (var (name, value) in Golden.Map(row.GetProperty("changed"))) expected[name] = Home(value);
        Golden.AssertEqual(Given.Values(args), expected, "values");

        // The old enum class has no counterpart; the old batch sizes are told by a log line there.
        var warns = row.TryGetProperty("warns", out _) && !row.GetProperty("given").TryGetProperty("evaluation_strategy", out _);
        warns |= given.Keys.Any(k => k.StartsWith("per_gpu_", StringComparison.Ordinal));
        Assert.That(args.Warnings, warns ? Is.Not.Empty : Is.Empty);
    }

    private static object? Home(object? value)
        => value is string text ? text.Replace("<home>", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)) : value;

    private static string Key(JsonElement row) => PythonJson.Write(Golden.Map(row.GetProperty("given")));

    // A file has a test of its own, and an object of Python has no counterpart.
    private static IEnumerable<TestCaseData> Of(string list) => Golden.Rows("arguments/validation.json", list)
        .Where(row => !Key(row).Contains("fsdp.json") && !Key(row).Contains("<GenerationConfig>"))
        .Select((row, i) => new TestCaseData(row).SetArgDisplayNames($"{i} {Key(row)}"));
}
