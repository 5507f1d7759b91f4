using System.Text.Json;
using NativeTrainer.Checkpoints;

namespace NativeTrainer.Tests.Schedules;

/// <summary>What scheduler.pt holds, and how a schedule goes on from it.</summary>
public sealed class SchedulerStateTests
{
    public static IEnumerable<TestCaseData> States() => Golden.Json("checkpoints/states.json").GetProperty("schedulers").EnumerateObject()
        .Select(p => new TestCaseData(p.Name, p.Value).SetArgDisplayNames(p.Name));

    [TestCaseSource(nameof(States))]
    public void State_has_torchs_keys_and_values(string name, JsonElement row)
    {
        Assert.That(EnumNames.SchedulerType.TryParse(name, out var type));
        var golden = row.GetProperty("after 3 of 10 steps, warmup 2, lr 0.1");
        var schedule = LearningRateSchedules.Create(type, [new(0.1, 0.1), new(0.1)], 2, 10);
        for (var i = 0; i < 3; i++)
        {
            if (schedule is ReduceLearningRateOnPlateau plateau) plateau.Step(1.0);
            else schedule.Step();
        }
        // Transformers' restarts and cosine differ in the last bit between libraries of mathematics, so numbers are compared one by one.
        var (ours, theirs) = (Plain(schedule.StateDict()), Golden.Map(golden));
        Assert.That(ours.Keys, Is.EqualTo(theirs.Keys));
        foreach (var (key, value) in theirs)
        {
            if (key == "_last_lr") Assert.That(ours[key], Is.EqualTo(value).Within(1e-15).Percent);
            else Golden.AssertEqual(ours[key], value, key);
        }
    }

    [TestCaseSource(nameof(States))]
    public void A_schedule_goes_on_from_its_state(string name, JsonElement row)
    {
        _ = row;
        Assert.That(EnumNames.SchedulerType.TryParse(name, out var type));
        ParameterGroupOptions[] groups = [new(0.1), new(0.2)], others = [new(0.1), new(0.2)];
        double[] metrics = [1.0, 0.5, 0.6, 0.7, 0.8, 0.4, 0.9, 0.9, 0.9, 0.9];
        var kwargs = new Dictionary<string, object?> { ["patience"] = 1, ["factor"] = 0.5 };
        var first = Create(groups);
        for (var i = 0; i < 4; i++) Step(first, metrics[i]);
        var second = Create(others);
        using (var folder = new TemporaryFolder())
        {
            SchedulerFile.Save(folder["scheduler.pt"], first.StateDict());
            second.LoadStateDict(SchedulerFile.Read(folder["scheduler.pt"]));
            Assert.That(PythonJson.Write(Plain(second.StateDict())), Is.EqualTo(PythonJson.Write(Plain(first.StateDict()))));
        }
        Assert.That(second.LastLearningRates, Is.EqualTo(first.LastLearningRates));
        for (var i = 0; i < others.Length; i++) others[i].LearningRate = groups[i].LearningRate; // the optimizer's own state
        for (var i = 4; i < metrics.Length; i++)
        {
            Step(first, metrics[i]);
            Step(second, metrics[i]);
            Assert.That(others.Select(g => g.LearningRate), Is.EqualTo(groups.Select(g => g.LearningRate)), $"step {i}");
        }

        LearningRateScheduler Create(ParameterGroupOptions[] target)
            => LearningRateSchedules.Create(type, target, 2, 10, type == SchedulerType.ReduceOnPlateau ? kwargs : null);
        static void Step(LearningRateScheduler schedule, double metric)
        {
            if (schedule is ReduceLearningRateOnPlateau plateau) plateau.Step(metric);
            else schedule.Step();
        }
    }

    [Test]
    public void A_schedule_goes_on_from_Hugging_Faces_file()
    {
        // The learning rates that the real run used at its steps 11 to 20.
        double[] used =
        [
            0.0006368314950360416, 0.000546134179731651, 0.00045386582026834903, 0.0003631685049639586, 0.0002771308221117309,
            0.00019868268181037185, 0.0001304955413896705, 7.489143213519301e-05, 3.376388529782215e-05, 8.513450158049108e-06,
        ];
        ParameterGroupOptions[] groups = [new(0.001), new(0.001)];
        var schedule = LearningRateSchedules.Create(SchedulerType.Cosine, groups, 3, 20);
        schedule.LoadStateDict(SchedulerFile.Read(Golden.Path("checkpoint-10/scheduler.pt")));
        Assert.That(schedule.LastLearningRate, Is.EqualTo(used[0]));
        foreach (var rate in used[1..])
        {
            schedule.Step();
            Assert.That(groups.Select(g => g.LearningRate), Is.All.EqualTo(rate).Within(1e-18));
        }
    }

    [Test]
    public void Loading_leaves_the_learning_rates_of_the_next_step_to_the_optimizer()
    {
        ParameterGroupOptions[] groups = [new(0.1)];
        var schedule = LearningRateSchedules.Create(SchedulerType.Linear, groups, 0, 10);
        schedule.LoadStateDict(new StateDictionary { ["last_epoch"] = 4L, ["base_lrs"] = new[] { 0.2 }, ["lr_lambdas"] = null });
        Assert.That(groups[0].LearningRate, Is.EqualTo(0.1));
        schedule.Step();
        Assert.That(groups[0].LearningRate, Is.EqualTo(0.2 * 0.5), "the state's base counts, as in torch");
    }

    [Test]
    public void A_state_that_does_not_fit_is_refused()
    {
        var schedule = LearningRateSchedules.Create(SchedulerType.Linear, [new(0.1), new(0.1)], 0, 10);
        Assert.That(() => schedule.LoadStateDict([]), Throws.TypeOf<CheckpointException>().With.Message.Contains("last_epoch"));
        var oneRate = new StateDictionary("scheduler.pt") { ["last_epoch"] = 1L, ["base_lrs"] = new[] { 0.1 }, ["lr_lambdas"] = null };
        Assert.That(() => schedule.LoadStateDict(oneRate), Throws.TypeOf<CheckpointException>()
            .With.Message.Contains("scheduler.pt").And.Message.Contains("'base_lrs' has 1 numbers, expected 2"));
        Assert.That(() => schedule.LoadStateDict(new StateDictionary { ["last_epoch"] = "1" }), Throws.TypeOf<CheckpointException>());
        Assert.That(
            () => schedule.LoadStateDict(new StateDictionary { ["last_epoch"] = 1L }), Throws.TypeOf<CheckpointException>().With.Message.Contains("lr_lambdas"));
    }

    [Test]
    public void Plateau_does_not_step_without_a_metric()
    {
        var schedule = LearningRateSchedules.Create(SchedulerType.ReduceOnPlateau, [new(0.1)], 0, 10);
        Assert.That(schedule.NeedsMetric);
        Assert.That(schedule.Step, Throws.InvalidOperationException);
    }

    private static OrderedDictionary<string, object?> Plain(StateDictionary state)
    {
        var plain = new OrderedDictionary<string, object?>();
        foreach (var (key, value) in state)
        {
            plain[key] = value is List<object?> list ? list.Select(v => v is StateDictionary inner ? Plain(inner) : v).ToList() : value;
        }
        return plain;
    }
}
