namespace NativeTrainer.Tests.Callbacks;

public sealed class TrainerStateTests
{
    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("state-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("lm/trainer_state.json")]
    [TestCase("lm/checkpoint-8.trainer_state.json")]
    [TestCase("cls/trainer_state.json")]
    [TestCase("cls/checkpoint-8.trainer_state.json")]
    [TestCase("cls/checkpoint-12.trainer_state.json")]
    [TestCase("s2s/trainer_state.json")]
    [TestCase("s2s/checkpoint-4.trainer_state.json")]
    [TestCase("hf-gpt2-adamw/trainer_state.json")]
    public void Files_are_read_and_written_to_the_byte(string name)
    {
        var path = Path.Combine(_folder, TrainerState.FileName);
        TrainerState.LoadFromJson(Golden.Path("checkpoints/" + name)).SaveToJson(path);
        Assert.That(File.ReadAllText(path), Is.EqualTo(Golden.Text("checkpoints/" + name)));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1), "nothing else is left behind");
    }

    [Test]
    public void Values_are_read()
    {
        var state = TrainerState.LoadFromJson(Golden.Path("checkpoints/lm/trainer_state.json"));
        Assert.That((state.GlobalStep, state.MaxSteps, state.TrainBatchSize, state.NumTrainEpochs), Is.EqualTo((10, 10, 4, 2L)));
        Assert.That(((double)state.Epoch!.Value, (double)state.BestMetric!.Value, state.BestModelCheckpoint),
            Is.EqualTo((1.8181818181818183, 4.9797797203063965, "<out>/checkpoint-8")));
        Assert.That(state.Logged("loss"), Is.EqualTo(new[] { (1, 5.542), (3, 5.447), (6, 5.1497), (9, 4.987) }));
        Assert.That((state.TotalFlos.ToString(), state.LoggingSteps.IsWhole), Is.EqualTo(("1537474560.0", true)));
    }

    [Test]
    public void Defaults_are_Hugging_Faces()
    {
        var golden = Golden.Map(Golden.Json("callbacks/handlers.json").GetProperty("defaults of the state"));
        Assert.That(new TrainerState().ToJsonString(), Is.EqualTo(PythonJson.Write(golden, indent: 2, sortKeys: true) + "\n"));
    }

    [Test]
    public void Logs_are_kept_with_their_step_and_kind_of_number()
    {
        var state = new TrainerState { GlobalStep = 3 };
        state.AddLog(new Metrics { ["loss"] = double.NaN, ["epoch"] = 1.0, ["num_input_tokens_seen"] = 640 });
        var path = Path.Combine(_folder, TrainerState.FileName);
        state.SaveToJson(path);
        Assert.That(File.ReadAllText(path),
            Does.Contain("    {\n      \"epoch\": 1.0,\n      \"loss\": NaN,\n      \"num_input_tokens_seen\": 640,\n      \"step\": 3\n"));
        Assert.That(TrainerState.LoadFromJson(path).Logged("loss").Single().Value, Is.NaN);
    }

    [Test]
    public void Keys_may_be_missing_and_metrics_of_other_kinds_are_kept()
    {
        var state = Read("""{"global_step": 10, "log_history": [{"eval_report": {"a": [1, null]}, "step": 10}]}""");
        Assert.That((state.GlobalStep, state.MaxSteps, state.LoggingSteps), Is.EqualTo((10, 0, (Number)500)));
        Assert.That(PythonJson.Write(state.LogHistory), Is.EqualTo("""[{"eval_report": {"a": [1, null]}, "step": 10}]"""));
    }

    [TestCase("""{"global_stop": 1}""", "the key global_stop is unknown")]
    [TestCase("""{"global_step": 10.0}""", "global_step is 10.0, expected a whole number")]
    [TestCase("""{"epoch": "one"}""", "epoch is \"one\", expected a number")]
    [TestCase("""{"log_history": [1]}""", "log_history is [1], expected objects")]
    [TestCase("[]", "holds no JSON object")]
    [TestCase("{", "line 1 is not JSON")]
    public void Other_files_are_refused(string json, string message)
        => Assert.That(() => Read(json),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("broken.json").And.Message.Contains(message));

    private TrainerState Read(string json)
    {
        var path = Path.Combine(_folder, "broken.json");
        File.WriteAllText(path, json);
        return TrainerState.LoadFromJson(path);
    }
}
