using System.Text.Json;

namespace NativeTrainer.Tests.Schedules;

public sealed class StepPlanTests
{
    public static IEnumerable<TestCaseData> Runs() => Golden.Rows("callbacks/step-arithmetic.json", "runs")
        .Select((row, i) => new TestCaseData(row).SetArgDisplayNames($"{i}: {string.Join(' ', row.EnumerateObject().Take(6))}"));

    [TestCaseSource(nameof(Runs))]
    public void Steps_and_epochs_are_the_same(JsonElement row)
    {
        var rows = row.GetProperty("rows").GetInt64();
        var args = new TrainingArguments("out")
        {
            PerDeviceTrainBatchSize = row.GetProperty("batch").GetInt32(),
            GradientAccumulationSteps = row.GetProperty("accumulation").GetInt32(),
            NumTrainEpochs = row.GetProperty("num_train_epochs").GetDouble(),
            MaxSteps = row.GetProperty("max_steps").GetInt32(),
            DataloaderDropLast = row.TryGetProperty("drop_last", out _),
        };
        var batches = args.DataloaderDropLast ? rows / args.TrainBatchSize : (rows + args.TrainBatchSize - 1) / args.TrainBatchSize;
        var plan = StepPlan.Create(args, batches, rows);
        Assert.That(plan.MaxSteps, Is.EqualTo(row.GetProperty("state.max_steps").GetInt32()));
        Assert.That(plan.NumTrainEpochs, Is.EqualTo(row.GetProperty("state.num_train_epochs").GetInt64()));
        Assert.That(PythonText.Round(plan.NumTrainSamples / 1.23456789, 3),
            Is.EqualTo(row.GetProperty("train_samples_per_second").GetDouble()));
        Assert.That(PythonText.Round(plan.MaxSteps / 1.23456789, 3), Is.EqualTo(row.GetProperty("train_steps_per_second").GetDouble()));

        var (updates, done, epochAtLast) = Walk(plan);
        Assert.That(updates, Is.EqualTo(row.GetProperty("updates").EnumerateArray().Select(u => (u[0].GetInt64(), u[1].GetInt64()))));
        Assert.That(done, Is.EqualTo(row.GetProperty("batches done").GetInt64()));
        Assert.That(epochAtLast, Is.EqualTo(row.GetProperty("epoch").GetDouble()));
    }

    [Test]
    public void A_stream_without_length_needs_max_steps()
    {
        Assert.That(() => StepPlan.Create(new TrainingArguments("out"), null, null),
            Throws.TypeOf<InvalidArgumentException>().With.Message.StartsWith("max_steps is -1, expected"));
        var plan = StepPlan.Create(new TrainingArguments("out") { MaxSteps = 7, GradientAccumulationSteps = 2 }, null, null);
        Assert.That((plan.MaxSteps, plan.BatchesPerEpoch, plan.NumTrainEpochs, plan.NumTrainSamples),
            Is.EqualTo((7, 14L, long.MaxValue, 112.0)));
    }

    [TestCase(0.15, 2L)]
    [TestCase(0.25, 3L)]
    [TestCase(0.5, 5L)]
    [TestCase(1.0, 1L)]
    [TestCase(4.0, 4L)]
    public void Intervals_below_1_are_shares_of_all_steps(double interval, long steps)
    {
        var plan = StepPlan.Create(new TrainingArguments("out") { MaxSteps = 10 }, 5, 20);
        Assert.That(plan.Interval(interval), Is.EqualTo((Number)steps));
    }

    private static (List<(long Epoch, long Batch)> Updates, long BatchesDone, double Epoch) Walk(StepPlan plan)
    {
        var (updates, done, last) = (new List<(long, long)>(), 0L, 0.0);
        for (var epoch = 0L; epoch < plan.NumTrainEpochs && updates.Count < plan.MaxSteps; epoch++)
        {
            for (var batch = 1L; batch <= plan.BatchesPerEpoch && updates.Count < plan.MaxSteps; batch++)
            {
                if (!plan.UpdatesAfter(++done, batch)) continue;
                updates.Add((epoch, batch));
                last = plan.EpochAfter(epoch, batch);
            }
        }
        return (updates, done, last);
    }
}
