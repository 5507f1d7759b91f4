namespace NativeTrainer.Tests.Arguments;

public sealed class SerializingTests
{
    [TestCase("defaults", false)]
    [TestCase("defaults-seq2seq", true)]
    public void Defaults_are_written_to_the_byte(string name, bool seq2Seq)
    {
        var args = Given.With(seq2Seq ? Given.Seq2Seq() : Given.Training());
        Assert.That(args.ToJsonString(), Is.EqualTo(Golden.Text($"arguments/{name}.to_json_string.txt")));
        Assert.That(args.ToString(), Is.EqualTo(Golden.Text($"arguments/{name}.str.txt")));
        var dict = Golden.Map(Golden.Json($"arguments/{name}.json"));
        var sane = Golden.Map(Golden.Json($"arguments/{name}.to_sanitized_dict.json"));
        Assert.That(PythonJson.Write(args.ToDict()), Is.EqualTo(PythonJson.Write(dict)));
        Assert.That(PythonJson.Write(args.ToSanitizedDict()), Is.EqualTo(PythonJson.Write(sane)));
    }

    [Test]
    public void Values_that_are_not_plain_are_written_as_Hugging_Face_does()
    {
        var golden = Golden.Json("arguments/serializing.json");
        var args = new TrainingArguments("out")
        {
            Surroundings = Given.Surroundings,
            HubToken = "secret",
            Debug = [DebugOption.UnderflowOverflow],
            Fsdp = [FsdpOption.FullShard, FsdpOption.AutoWrap],
            LrSchedulerKwargs = new Dictionary<string, object?> { ["num_cycles"] = 2 },
            LabelNames = ["labels"],
            Optim = OptimizerNames.Sgd,
            EvalSteps = 0.5,
        };
        var (dict, sane) = (args.ToDict(), args.ToSanitizedDict());
        foreach (var (name, value) in Golden.Map(golden.GetProperty("to_dict"))) Golden.AssertEqual(dict[name], value, name);
        foreach (var (name, value) in Golden.Map(golden.GetProperty("to_sanitized_dict"))) Golden.AssertEqual(sane[name], value, name);
        var order = golden.GetProperty("order");
        Assert.That(dict.Keys, Is.EqualTo(order.GetProperty("to_dict").EnumerateArray().Select(k => k.GetString())));
        Assert.That(sane.Keys.Skip(dict.Count),
            Is.EqualTo(order.GetProperty("to_sanitized_dict adds at the end").EnumerateArray().Select(k => k.GetString())));
        Assert.That(args.ToString(),
            Does.Contain("debug=[<DebugOption.UNDERFLOW_OVERFLOW: 'underflow_overflow'>],\n").And.Not.Contain("secret"));
    }

    [Test]
    public void What_follows_is_filled_in_once_at_the_first_use()
    {
        var args = new TrainingArguments("out") { EvaluationStrategy = IntervalStrategy.Steps, LoggingSteps = 7 };
        Assert.That(args.EvalSteps, Is.Null);
        _ = args.ToDict();
        Assert.That(args.EvalSteps, Is.EqualTo((Number)7));
        args.LoggingSteps = 0;
        Assert.That(() => args.ToDict(), Throws.Nothing, "rules are not checked again");
    }

    [Test]
    public void The_event_folder_has_date_and_host()
    {
        var folder = new TrainingArguments("out").Complete().LoggingDir;
        Assert.That(folder, Does.Match(@"^out[/\\]runs[/\\][A-Z][a-z]{2}\d\d_\d\d-\d\d-\d\d_.+$"));
    }
}
