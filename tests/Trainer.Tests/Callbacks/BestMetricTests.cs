namespace NativeTrainer.Tests.Callbacks;

public sealed class BestMetricTests
{
    [Test]
    public void A_missing_metric_is_refused_with_those_that_are_there()
    {
        var args = new TrainingArguments("out") { MetricForBestModel = "f1" }.Complete();
        Assert.That(() => BestMetric.Update(args, new TrainerState(), new Metrics { ["eval_loss"] = 1, ["epoch"] = 1 }, "out/checkpoint-1"),
            Throws.TypeOf<InvalidArgumentException>().With.Message.EqualTo(
                "metric_for_best_model is \"f1\", expected one of eval_loss, epoch"));
    }

    [TestCase("loss", "eval_loss")]
    [TestCase("eval_loss", "eval_loss")]
    [TestCase(null, "eval_loss")]
    [TestCase("f1", "eval_f1")]
    public void Names_begin_with_eval(string? name, string expected)
        => Assert.That(BestMetric.Key(new TrainingArguments("out") { MetricForBestModel = name }), Is.EqualTo(expected));

    [Test]
    public void Nan_is_best_only_while_it_is_the_first()
    {
        var args = new TrainingArguments("out") { MetricForBestModel = "loss" }.Complete();
        var state = new TrainerState();
        BestMetric.Update(args, state, new Metrics { ["eval_loss"] = 2.0 }, "a");
        BestMetric.Update(args, state, new Metrics { ["eval_loss"] = double.NaN }, "b");
        Assert.That(state.BestModelCheckpoint, Is.EqualTo("a"));
        BestMetric.Update(args, state, null, "c");
        Assert.That(state.BestModelCheckpoint, Is.EqualTo("a"));
    }
}
