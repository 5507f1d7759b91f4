using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace NativeTrainer.Tests.Arguments;

public sealed class MethodsTests
{
    private static readonly string[] Setters =
    [
        "set_training", "set_evaluate", "set_testing", "set_save", "set_logging", "set_push_to_hub", "set_optimizer", "set_lr_scheduler",
        "set_dataloader",
    ];

    private static readonly OrderedDictionary<string, object?> Plain = Given.Values(Given.With(Given.Training()));

    public static IEnumerable<TestCaseData> Calls() => Setters.SelectMany(setter => Golden.Rows("arguments/methods.json", setter, "calls")
        .Select(call => new TestCaseData(setter, call).SetArgDisplayNames(setter, call.GetProperty("given").GetRawText())));

    [TestCaseSource(nameof(Calls))]
    public void Setter_writes_the_same_fields(string name, JsonElement call)
    {
        var args = Given.With(Given.Training());
        var method = Method(name);
        var given = Golden.Map(call.GetProperty("given"));
        var values = method.GetParameters()
            .Select(p => given.TryGetValue(Snake(p.Name!), out var value) ? Convert(value, p.ParameterType) : p.DefaultValue).ToArray();
        if (call.TryGetProperty("raises", out _))
        {
            // C#'s types already refuse an unknown member of an enum and a missing argument; what is left is steps of 0.
            if (values.Any(v => v is Unparsable or DBNull)) return;
            Assert.That(() => Invoke(method, args, values), Throws.TypeOf<InvalidArgumentException>());
            Golden.AssertEqual(Given.Changed(args, Plain), Golden.Map(call.GetProperty("changed before that")), "changed before that");
            return;
        }
        Assert.That(Invoke(method, args, values), Is.SameAs(args));
        var expected = Golden.Map(call.GetProperty("changed"));
        // Hugging Face leaves the text none, on which its Trainer then fails; here it is the empty list that it means.
        if (expected.GetValueOrDefault("report_to") is "none") expected["report_to"] = new List<object?>();
        Golden.AssertEqual(Given.Changed(args, Plain), expected, "changed");
    }

    [Test]
    public void Setters_have_the_same_parameters()
    {
        var golden = Golden.Json("arguments/methods.json");
        foreach (var name in Setters)
        {
            var theirs = golden.GetProperty(name).GetProperty("parameters").EnumerateObject().Select(p => p.Name);
            Assert.That(Method(name).GetParameters().Select(p => Snake(p.Name!)), Is.EqualTo(theirs), name);
        }
    }

    [Test]
    public void Setters_chain()
    {
        var args = Given.With(Given.Training())
            .SetTraining(1e-4, 4)
            .SetEvaluate(IntervalStrategy.Steps, 50)
            .SetSave(IntervalStrategy.Steps, 50)
            .SetLrScheduler(SchedulerType.Cosine, warmupSteps: 10)
            .SetDataloader(trainBatchSize: 4);
        var changed = Golden.Json("arguments/methods.json").GetProperty("a chain").GetProperty("changed");
        Golden.AssertEqual(Given.Changed(args, Plain), Golden.Map(changed), "chain");
    }

    [TestCase("arguments/methods.json", "get_warmup_steps", "total", "steps")]
    [TestCase("schedules.json", "warmup", "num_training_steps", "get_warmup_steps")]
    public void Warmup_is_as_long(string file, string list, string total, string steps)
    {
        foreach (var row in Golden.Rows(file, list))
        {
            var (count, ratio) = (row.GetProperty("warmup_steps").GetInt32(), row.GetProperty("warmup_ratio").GetDouble());
            var args = new TrainingArguments("out") { WarmupSteps = count, WarmupRatio = ratio };
            Assert.That(args.GetWarmupSteps(row.GetProperty(total).GetInt32()),
                Is.EqualTo(row.GetProperty(steps).GetInt32()), row.GetRawText());
        }
    }

    [Test]
    public void Process_log_level_is_the_same()
    {
        foreach (var row in Golden.Rows("arguments/methods.json", "get_process_log_level"))
        {
            var isInfo = row.TryGetProperty("library level", out var level) && level.GetString() == "info";
            var surroundings = Given.Surroundings with { LibraryLevel = isInfo ? LogLevel.Information : LogLevel.Warning };
            TrainingArguments args = row.GetProperty("process").GetString() == "main"
                ? new TrainingArguments("out") { Surroundings = surroundings }
                : new Replica("out") { Surroundings = surroundings };
            args.LogLevel = row.GetProperty("log_level").GetString()!;
            if (row.TryGetProperty("raises", out _))
            {
                Assert.That(args.GetProcessLogLevel,
                    Throws.TypeOf<InvalidArgumentException>().With.Message.Contains("log_level is \"loud\", expected one of detail"));
                continue;
            }
            args.LogLevelReplica = row.GetProperty("log_level_replica").GetString()!;
            Assert.That(10 * (int)args.GetProcessLogLevel(), Is.EqualTo(row.GetProperty("level").GetInt32()), row.GetRawText());
        }
    }

    [Test]
    public void Properties_are_the_same()
    {
        foreach (var row in Golden.Rows("arguments/methods.json", "properties"))
        {
            var gpus = row.TryGetProperty("pretended gpus", out var count) ? count.GetInt32() : 0;
            var given = row.GetProperty("given");
            var args = new TrainingArguments("") { Surroundings = Given.Surroundings with { GpuCount = gpus } };
            var ours = Properties(Given.With(args, given));
            foreach (var property in row.EnumerateObject().Where(p => p.Name is not ("given" or "pretended gpus")))
            {
                // The golden's GPUs are pretended, so its device stayed the processor.
                if (property.Name == "device" && gpus > 0) continue;
                Golden.AssertEqual(ours[property.Name], Golden.Plain(property.Value), $"{property.Name} of {given.GetRawText()}");
            }
        }
    }

    [Test]
    public void Properties_of_two_processes_are_the_same()
    {
        foreach (var (index, row) in Golden.Rows("arguments/methods.json", "properties of two processes").Index())
        {
            var surroundings = Given.Surroundings with { WorldSize = 2, ProcessIndex = index, LocalProcessIndex = index };
            var args = new TrainingArguments("out")
            {
                Surroundings = surroundings,
                UseCpu = true,
                DdpBackend = "gloo",
                LogLevel = "info",
                PerDeviceTrainBatchSize = 4,
            };
            args.Complete();
            var ours = Properties(args);
            ours["local_rank"] = args.LocalRank;
            ours["level"] = 10 * (int)args.GetProcessLogLevel();
            foreach (var property in row.EnumerateObject())
            {
                Golden.AssertEqual(ours[property.Name], Golden.Plain(property.Value), $"{property.Name} of process {index}");
            }
        }
    }

    [Test]
    public void One_process_has_nobody_to_wait_for()
    {
        using (new TrainingArguments("out").MainProcessFirst())
        {
        }
        var args = new TrainingArguments("out") { Surroundings = new Surroundings { WorldSize = 2 } };
        Assert.That(() => args.MainProcessFirst(), Throws.TypeOf<NotSupportedException>());
    }

    private static Dictionary<string, object?> Properties(TrainingArguments args) => new()
    {
        ["train_batch_size"] = args.TrainBatchSize,
        ["eval_batch_size"] = args.EvalBatchSize,
        ["n_gpu"] = args.NGpu,
        ["world_size"] = args.WorldSize,
        ["process_index"] = args.ProcessIndex,
        ["local_process_index"] = args.LocalProcessIndex,
        ["parallel_mode"] = EnumNames.ParallelMode.Value(args.ParallelMode),
        ["should_log"] = args.ShouldLog,
        ["should_save"] = args.ShouldSave,
        ["place_model_on_device"] = args.PlaceModelOnDevice,
        ["_no_sync_in_gradient_accumulation"] = args.NoSyncInGradientAccumulation,
        ["device"] = args.Device.ToString(),
        ["ddp_timeout_delta seconds"] = args.DdpTimeoutDelta.TotalSeconds,
    };

    private static MethodInfo Method(string name)
        => typeof(TrainingArguments).GetMethod(string.Concat(name.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..])))!;

    private static object? Invoke(MethodInfo method, TrainingArguments args, object?[] values)
        => method.Invoke(args, BindingFlags.DoNotWrapExceptions, null, values, null);

    private static string Snake(string name)
        => string.Concat(name.Select(c => char.IsUpper(c) ? "_" + char.ToLowerInvariant(c) : c.ToString()));

    private static object? Convert(object? value, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(Number)) return PythonValue.ToNumber(value);
        if (type == typeof(IntervalStrategy)) return Parse(EnumNames.IntervalStrategy, value);
        if (type == typeof(SchedulerType)) return Parse(EnumNames.SchedulerType, value);
        if (type == typeof(OptimizerNames)) return Parse(EnumNames.OptimizerNames, value);
        if (type == typeof(HubStrategy)) return Parse(EnumNames.HubStrategy, value);
        if (value is List<object?> list) return list.Cast<string>().ToList();
        return System.Convert.ChangeType(value, type);
    }

    private static object Parse<T>(EnumNames<T> names, object? value)
        where T : struct, Enum
        => names.TryParse((string)value!, out var item) ? item : new Unparsable();

    private sealed record Unparsable;

    private sealed class Replica(string outputDir) : TrainingArguments(outputDir)
    {
        public override bool ShouldLog => false;
    }
}
