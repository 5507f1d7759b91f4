using System.Text.Json;

namespace NativeTrainer.Tests.Arguments;

public sealed class SupportedArgumentsTests
{
    /// <summary>The values of a partly supported argument that are supported, beside its default.</summary>
    private static readonly Dictionary<string, string[]> SupportedValues = new()
    {
        ["optim"] = [.. EnumNames.OptimizerNames.Values.Where(name => name is not ("adamw_torch_xla" or "adamw_torch_npu_fused"))
            .Select(name => $"\"{name}\"")],
        ["log_level"] = ["\"detail\"", "\"debug\"", "\"info\"", "\"warning\"", "\"error\"", "\"critical\""],
        ["log_level_replica"] = ["\"detail\"", "\"debug\"", "\"info\"", "\"error\"", "\"critical\"", "\"passive\""],
        ["tf32"] = ["false"],
        ["debug"] = ["\"underflow_overflow\""],
    };

    public static IEnumerable<string> Names() => SpecTests.Spec().Select(f => f.GetProperty("name").GetString()!);

    [TestCaseSource(nameof(Names))]
    public void Argument_is_obeyed_or_refused(string name)
    {
        var lists = SupportedArguments.Supported.Concat(SupportedArguments.Partly.Keys).Concat(SupportedArguments.NotYet.Keys);
        Assert.That(lists.Count(l => l == name), Is.EqualTo(1), $"{name} must be in one of Supported, Partly, NotYet");
        var field = Given.Seq2Seq().Fields.Single(f => f.Name == name);
        if (SupportedArguments.Supported.Contains(name) || !field.IsSettable) return;

        foreach (var value in Samples.Other(field))
        {
            var args = new Seq2SeqTrainingArguments("out");
            field.Set(args, value);
            if (SupportedValues.TryGetValue(name, out var supported) && supported.Contains(PythonJson.Write(value)))
            {
                Assert.That(() => SupportedArguments.Check(args), Throws.Nothing, $"{name} {PythonJson.Write(value)}");
            }
            else
            {
                Assert.That(() => SupportedArguments.Check(args),
                    Throws.TypeOf<InvalidArgumentException>(), $"{name} {PythonJson.Write(value)} is accepted");
            }
        }
    }

    [Test]
    public void Lists_hold_only_known_names()
    {
        var listed = SupportedArguments.Supported.Concat(SupportedArguments.Partly.Keys).Concat(SupportedArguments.NotYet.Keys);
        Assert.That(listed, Is.EquivalentTo(Names()));
    }

    [Test]
    public void Defaults_are_supported()
    {
        Assert.That(() => SupportedArguments.Check(new TrainingArguments("out")), Throws.Nothing);
        Assert.That(() => SupportedArguments.Check(new Seq2SeqTrainingArguments("out")), Throws.Nothing);
        Assert.That(() => SupportedArguments.CheckForTraining(new TrainingArguments("out")), Throws.Nothing);
    }

    [Test]
    public void Numbers_equal_to_a_default_are_not_refused()
    {
        var kwargs = new Dictionary<string, object?> { ["use_reentrant"] = false };
        var args = new TrainingArguments("out") { DdpTimeout = 1800, GradientCheckpointingKwargs = kwargs };
        Assert.That(() => SupportedArguments.Check(args), Throws.Nothing);
    }

    [Test]
    public void A_refusal_says_what_to_use_instead()
    {
        Assert.That(() => SupportedArguments.Check(new TrainingArguments("out") { Optim = OptimizerNames.AdamwTorchXla }),
            Throws.TypeOf<InvalidArgumentException>().With.Message.EqualTo(
                "optim is \"adamw_torch_xla\", which is not supported: use adamw_torch or adamw_torch_fused, whose update is the same"));
        Assert.That(() => SupportedArguments.Check(new TrainingArguments("out") { HubToken = "secret" }),
            Throws.TypeOf<InvalidArgumentException>().With.Message.StartsWith("hub_token is \"<HUB_TOKEN>\", which is not supported"));
    }

    [Test]
    public void Values_that_cannot_train_are_refused()
    {
        Refused("per_device_train_batch_size", a => a.PerDeviceTrainBatchSize = 0);
        Refused("gradient_accumulation_steps", a => a.GradientAccumulationSteps = 0);
        Refused("learning_rate", a => a.LearningRate = -1.0);
        Refused("learning_rate", a => a.LearningRate = double.NaN);
        Refused("num_train_epochs", a => a.NumTrainEpochs = 0);
        Refused("seed", a => a.Seed = -1);
        Refused("adam_beta1", a => a.AdamBeta1 = 1.0);

        static void Refused(string name, Action<TrainingArguments> set)
        {
            var args = new TrainingArguments("out");
            set(args);
            Assert.That(() => SupportedArguments.CheckForTraining(args),
                Throws.TypeOf<InvalidArgumentException>().With.Property("Argument").EqualTo(name));
        }
    }

    /// <summary>Arguments that the real Trainer refuses as it is made or trains are refused here by these checks.</summary>
    [Test]
    public void What_the_real_Trainer_refuses_is_refused()
    {
        // Not a matter of arguments alone: the data set, the metrics, and what else is installed there.
        string[] others =
        [
            "no training set", "evaluation strategy without a set", "early stopping without load_best_model_at_end",
            "a best metric that is not there", "stream without max_steps", "stream with group_by_length", "optim adamw_apex_fused", "optim adamw_bnb_8bit", "optim lion_32bit",
            "optim adamw_anyprecision",
        ];
        // Refused when the schedule is made.
        string[] schedules = ["scheduler keyword that the schedule does not know", "scheduler keywords as a JSON string"];
        // Mended, see the tests of the schedules.
        string[] mended = ["inverse_sqrt without warmup"];
        foreach (var row in Golden.Rows("arguments/validation.json", "trainer"))
        {
            var what = row.GetProperty("what").GetString()!;
            if (row.GetProperty("outcome").GetString() != "refused" || !row.TryGetProperty("arguments", out var given)) continue;
            if (others.Concat(schedules).Concat(mended).Contains(what) || what == "checkpointing keywords as a JSON string") continue;
            Assert.That(() => Construct(given), Throws.TypeOf<InvalidArgumentException>(), what);
        }

        static void Construct(JsonElement given)
        {
            var args = new TrainingArguments("");
            var values = Golden.Map(given);
            values["output_dir"] = "out";
            new HfArgumentParser(args).ParseDict(values);
            SupportedArguments.Check(args);
            SupportedArguments.CheckForTraining(args);
        }
    }
}
