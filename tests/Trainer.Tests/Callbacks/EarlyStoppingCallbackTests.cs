namespace NativeTrainer.Tests.Callbacks;

/// <summary>What the recorded trainings in <see cref="FlowTests"/> do not show.</summary>
public sealed class EarlyStoppingCallbackTests
{
    private readonly TrainerState _state = new() { BestMetric = 0.5 };
    private readonly TrainerControl _control = new();

    [TestCase("load_best_model_at_end")]
    [TestCase("evaluation_strategy")]
    public void Needs_arguments_that_make_sense(string argument)
    {
        var args = new TrainingArguments("out")
        {
            MetricForBestModel = "loss",
            LoadBestModelAtEnd = argument == "evaluation_strategy",
            SaveStrategy = IntervalStrategy.No,
        };
        args.Complete();
        Assert.That(() => new EarlyStoppingCallback().OnTrainBegin(args, _state, _control, new CallbackContext()),
            Throws.TypeOf<InvalidArgumentException>().With.Property("Argument").EqualTo(argument));
    }

    [Test]
    public void A_missing_metric_does_not_count()
    {
        var callback = new EarlyStoppingCallback();
        callback.OnEvaluate(Args(), _state, _control, new CallbackContext { Metrics = new Metrics { ["eval_loss"] = 1 } });
        Assert.That((callback.EarlyStoppingPatienceCounter, _control.ShouldTrainingStop), Is.EqualTo((0, false)));
    }

    [TestCase(double.NaN, true)]
    [TestCase(0.5, true)]
    [TestCase(0.6, false)]
    public void Only_a_strictly_better_metric_goes_on(double score, bool stops)
    {
        var context = new CallbackContext { Metrics = new Metrics { ["eval_score"] = score } };
        new EarlyStoppingCallback().OnEvaluate(Args(), _state, _control, context);
        Assert.That(_control.ShouldTrainingStop, Is.EqualTo(stops));
    }

    private static TrainingArguments Args() => new TrainingArguments("out") { MetricForBestModel = "score" }.Complete();
}
