using System.Text.Json;

namespace NativeTrainer.Tests.Arguments;

public sealed class HfArgumentParserTests
{
    /// <summary>Where we differ, and why; null is the outcome of a case that is accepted here.</summary>
    private static readonly Dictionary<string, string?> Different = new()
    {
        // Dictionaries can be given on the command line, as JSON.
        ["""["--output_dir","out","--lr_scheduler_kwargs","{\"num_cycles\": 2}"]"""] = null,
        ["""["--output_dir","out","--gradient_checkpointing_kwargs","{\"use_reentrant\": false}"]"""] = null,
        // A file is not to hold text or numbers of the wrong kind, nor what is not among the choices.
        ["""{"output_dir": "out", "learning_rate": "1e-3"}"""] = "learning_rate is \"1e-3\", expected a number",
        ["""{"output_dir": "out", "do_train": "False"}"""] = "do_train is \"False\", expected true or false",
        ["""{"output_dir": "out", "half_precision_backend": "cuda_amp", "log_level": "loud"}"""]
            = "half_precision_backend is \"cuda_amp\", expected one of auto, apex, cpu_amp",
        // A whole number with a fraction of 0 becomes the whole number that it is.
        ["""{"output_dir": "out", "max_steps": 10.0}"""] = null,
    };

    private string _folder = "";

    public static IEnumerable<TestCaseData> CommandLines() => Of("command lines", "argv");

    public static IEnumerable<TestCaseData> JsonFiles() => Of("json files", "json");

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("arguments-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCaseSource(nameof(CommandLines))]
    public void Command_line_has_the_same_outcome(JsonElement row)
    {
        var groups = Groups(row.GetProperty("classes").GetString()!);
        var words = row.GetProperty("argv").EnumerateArray().Select(w => w.GetString()!).ToList();
        var wantsRun = true;
        Check(row, row.GetProperty("argv"), groups, () => wantsRun = new HfArgumentParser(groups).ParseCommandLine(words));
        Assert.That(wantsRun, Is.EqualTo(!row.TryGetProperty("help", out _)));
    }

    [TestCaseSource(nameof(JsonFiles))]
    public void Json_file_has_the_same_outcome(JsonElement row)
    {
        var groups = Groups(row.GetProperty("classes").GetString()!);
        var path = Path.Combine(_folder, "args.json");
        File.WriteAllText(path, row.GetProperty("json").GetRawText());
        var allowExtraKeys = row.TryGetProperty("allow_extra_keys", out _);
        Check(row, row.GetProperty("json"), groups, () => new HfArgumentParser(groups).ParseJsonFile(path, allowExtraKeys));
    }

    [Test]
    public void Words_that_are_not_known_come_back()
    {
        var row = Golden.Rows("arguments/parser.json", "other").First();
        new HfArgumentParser(Given.Training()).ParseKnownArguments(["--output_dir", "out", "--bogus", "1", "x"], out var remaining);
        Assert.That(remaining, Is.EqualTo(Golden.Texts(row.GetProperty("result").GetProperty("left over"))));
    }

    [Test]
    public void Files_of_flags_are_read_before_the_command_line()
    {
        var (a, b) = (Path.Combine(_folder, "a.args"), Path.Combine(_folder, "b.args"));
        File.WriteAllText(a, "--learning_rate 0.5\n--max_steps 3");
        File.WriteAllText(b, "--learning_rate 0.25 --run_name 'a b'");
        string[] words = ["--output_dir", "out"];

        Assert.That(Parsed([.. words, "--learning_rate", "0.1"], a, null), Is.EqualTo((0.1, 3)));
        Assert.That(Parsed(words, Path.Combine(_folder, "none.args"), null), Is.EqualTo((5e-5, -1)));
        Assert.That(Parsed([.. words, "--cfg", a], null, "--cfg"), Is.EqualTo((0.5, 3)));
        Assert.That(() => Parsed([.. words, "--cfg", a, "--cfg", b], null, "--cfg"),
            Throws.TypeOf<InvalidArgumentException>().With.Message.EqualTo("\"b'\" belongs to no flag"));

        static (double, int) Parsed(string[] words, string? file, string? flag)
        {
            var args = Given.Training();
            new HfArgumentParser(args).ParseCommandLine(words, file, flag);
            return (args.LearningRate, args.MaxSteps);
        }
    }

    [Test]
    public void Flags_override_the_file_before_them()
    {
        var path = Path.Combine(_folder, "run.json");
        File.WriteAllText(path, """
            {
              "output_dir": "a", "model_name_or_path": "gpt2", "learning_rate": 0.5, "max_steps": 3,
              "lr_scheduler_kwargs": {"num_cycles": 2}
            }
            """);
        var (model, data, training) = (new ModelArguments(), new DataArguments(), Given.Training());
        string[] words = [path, "--output_dir", "b", "--learning_rate", "0.1", "--block_size=64", "--do_train"];
        Assert.That(new HfArgumentParser(model, data, training).Parse(words));
        Assert.That((training.OutputDir, training.MaxSteps, training.DoTrain), Is.EqualTo(("b", 3, true)));
        Assert.That((double)training.LearningRate, Is.EqualTo(0.1));
        Assert.That((model.ModelNameOrPath, data.BlockSize), Is.EqualTo(("gpt2", 64)));
        Assert.That(PythonJson.Write(training.LrSchedulerKwargs), Is.EqualTo("""{"num_cycles": 2}"""));
    }

    [TestCase("""{"output_dir": "o", "max_step": 1}""", "\"max_step\" is unknown; the nearest known name is max_steps")]
    [TestCase("""{"output_dir": "o", "max_steps": "ten"}""", "max_steps is \"ten\", expected a whole number")]
    [TestCase("""{"output_dir": "o", "max_steps": null}""", "max_steps is null, expected a whole number")]
    [TestCase("""{"output_dir": "o", "label_names": [1]}""", "label_names is [1], expected a list of names or null")]
    [TestCase("""{"output_dir": "o", "lr_scheduler_kwargs": "{"}""", "lr_scheduler_kwargs is \"{\", expected an object in JSON")]
    [TestCase("""{"output_dir": "o", "optim": "adam"}""", "optim is \"adam\", expected one of adamw_hf, adamw_torch,")]
    public void Mistakes_in_a_file_name_file_argument_and_what_was_expected(string json, string message)
    {
        var path = Path.Combine(_folder, "run.json");
        File.WriteAllText(path, json);
        Assert.That(() => new HfArgumentParser(Given.Training()).Parse([path]),
            Throws.TypeOf<InvalidArgumentException>().With.Message.StartsWith($"{path}: {message}"));
    }

    [TestCase("{\n\"output_dir\": \"o\"\n\"seed\": 1}", "line 3 is not JSON")]
    [TestCase("[1]", "holds no JSON object")]
    public void Files_that_hold_no_object_are_refused(string text, string message)
    {
        var path = Path.Combine(_folder, "run.json");
        File.WriteAllText(path, text);
        Assert.That(() => new HfArgumentParser(Given.Training()).Parse([path]),
            Throws.TypeOf<InvalidArgumentException>().With.Message.StartsWith($"{path} {message}"));
    }

    [Test]
    public void A_missing_file_is_refused()
        => Assert.That(() => new HfArgumentParser(Given.Training()).ParseJsonFile(Path.Combine(_folder, "none.json")),
            Throws.TypeOf<InvalidArgumentException>().With.Message.Contains("none.json cannot be read"));

    [TestCase("--ouput_dir x", "--ouput_dir is unknown; the nearest known flag is --output_dir")]
    [TestCase("--output_dir o --eval_strategy steps", "--eval_strategy is unknown; the nearest known flag is --evaluation_strategy")]
    [TestCase("--output_dir o --lerning_rate=1", "--lerning_rate is unknown; the nearest known flag is --learning_rate")]
    [TestCase("--output_dir o --max_steps ten", "max_steps is \"ten\", expected a whole number")]
    [TestCase("--output_dir o --per_gpu 1", "--per_gpu is short for several flags: --per_gpu_train_batch_size, --per_gpu_eval_batch_size")]
    [TestCase("--output_dir o --learning_rate -1e-3",
        "--learning_rate has no value, expected a number (for one that starts with a dash: --learning_rate=-1e-3)")]
    [TestCase("--output_dir o extra", "\"extra\" belongs to no flag")]
    [TestCase("--seed 1", "output_dir is missing, expected text")]
    [TestCase("--output_dir o --no_save_safetensors=1", "--no_save_safetensors is given the value \"1\", expected none")]
    public void Mistakes_on_the_command_line_are_named(string line, string message)
        => Assert.That(() => new HfArgumentParser(Given.Training()).Parse(line.Split(' ')),
            Throws.TypeOf<InvalidArgumentException>().With.Message.EqualTo(message));

    [Test]
    public void Help_lists_every_flag()
    {
        var parser = new HfArgumentParser(new ModelArguments(), Given.Seq2Seq());
        var help = parser.FormatHelp();
        foreach (var field in parser.Fields) Assert.That(help, Does.Contain($"  {field.Flag}").And.Contain(field.Help));
        Assert.That(help, Does.Contain("--save_safetensors, --no_save_safetensors: true or false (default true)"));
        Assert.That(help, Does.Contain("--output_dir: text (required)"));
    }

    [Test]
    public void Two_groups_may_not_share_a_name()
        => Assert.That(() => new HfArgumentParser(new DataArguments(), new DataArguments()),
            Throws.ArgumentException.With.Message.Contains("train_file"));

    private static void Check(JsonElement row, JsonElement input, IArgumentGroup[] groups, Action parse)
    {
        var key = input.ValueKind == JsonValueKind.Array && input.EnumerateArray().All(w => w.ValueKind == JsonValueKind.String)
            ? "[" + string.Join(",", input.EnumerateArray().Select(w => PythonJson.Write(w.GetString()))) + "]"
            : PythonJson.Write(Golden.Plain(input));
        var isDifferent = Different.TryGetValue(key, out var ours);
        if (isDifferent && ours is not null)
        {
            Assert.That(parse, Throws.TypeOf<InvalidArgumentException>().With.Message.EndsWith(ours));
            return;
        }
        if (!isDifferent && !row.TryGetProperty("result", out _) && !row.TryGetProperty("help", out _))
        {
            Assert.That(parse, Throws.TypeOf<InvalidArgumentException>());
            return;
        }
        parse();
        if (isDifferent || !row.TryGetProperty("result", out var result)) return;
        foreach (var group in groups)
        {
            IArgumentGroup plain = group switch
            {
                Seq2SeqTrainingArguments => Given.With(Given.Seq2Seq()),
                TrainingArguments => Given.With(Given.Training()),
                ModelArguments => new ModelArguments(),
                _ => new DataArguments(),
            };
            var expected = Given.Values(plain);
            foreach (var (name, value) in Golden.Map(result.GetProperty(group.GetType().Name))) expected[name] = value;
            Golden.AssertEqual(Given.Values(group), expected, group.GetType().Name);
        }
    }

    private static IArgumentGroup[] Groups(string classes) => classes switch
    {
        "training" => [Given.Training()],
        "seq2seq" => [Given.Seq2Seq()],
        _ => [new ModelArguments(), new DataArguments(), Given.Training()],
    };

    private static IEnumerable<TestCaseData> Of(string list, string input) => Golden.Rows("arguments/parser.json", list).Select((row, i)
        => new TestCaseData(row).SetArgDisplayNames($"{i} {row.GetProperty("classes")} {row.GetProperty(input).GetRawText()}"));
}
