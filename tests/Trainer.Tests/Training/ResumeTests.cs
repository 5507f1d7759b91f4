using NativeTrainer.Checkpoints;
using NativeTrainer.Data;
using NativeTrainer.Models;

namespace NativeTrainer.Tests.Training;

/// <summary>Going on from a checkpoint: from one that the real Trainer wrote, and exactly where ours was interrupted.</summary>
public sealed class ResumeTests
{
    [Test]
    public void A_checkpoint_of_Hugging_Face_goes_on_as_there()
    {
        using var folder = new TemporaryFolder();
        var golden = Golden.Json("checkpoints/hf-gpt2-adamw/run.json");
        var resumed = golden.GetProperty("resumed at 10");
        var trainer = new WatchedTrainer(
            Tiny.Arguments(folder["out"], Tiny.Given(golden.GetProperty("arguments"))), Tiny.Train,
            callbacks: [new PrinterCallback(TextWriter.Null)]);
        var output = trainer.Train(Golden.Path("checkpoint-10"));

        var rows = resumed.GetProperty("rows").EnumerateArray().Select(batch => batch.EnumerateArray().Select(row => row.GetInt32()));
        Assert.That(trainer.Rows, Is.EqualTo(rows));
        Assert.That(trainer.Losses, Is.EqualTo(Numbers("losses")).Within(1e-5));
        Assert.That(trainer.Rates, Is.EqualTo(Numbers("learning rates used")));
        Assert.That(output.TrainingLoss, Is.EqualTo(resumed.GetProperty("train_loss").GetDouble()).Within(1e-5));
        var logs = trainer.State.LogHistory.Skip(10).ToList();
        Assert.That(Likeness.Difference(logs, Golden.Plain(resumed.GetProperty("log_history")), 1.001e-4), Is.Null);
        var weights = Tiny.Weights(Golden.Path("checkpoints/hf-gpt2-adamw/final-resumed.safetensors"));
        Assert.That(Tiny.Distance(Tiny.Weights(trainer.Model), weights), Is.LessThan(1e-4));

        IEnumerable<double> Numbers(string list) => resumed.GetProperty(list).EnumerateArray().Select(number => number.GetDouble());
    }

    [TestCase(3, 0, 1, TestName = "In the first epoch")]
    [TestCase(5, 0, 1, TestName = "At the end of an epoch")]
    [TestCase(3, 0.1, 1, TestName = "In the first epoch with dropout")]
    [TestCase(5, 0.1, 1, TestName = "At the end of an epoch with dropout")]
    [TestCase(1, 0.1, 2, TestName = "With accumulation and dropout")]
    public void An_interrupted_training_ends_with_the_same_bits(int step, double dropout, int accumulation)
    {
        using var folder = new TemporaryFolder();
        var (whole, resumed) = (Run(null, "whole"), Run(Path.Combine(folder["whole"], $"checkpoint-{step}"), "resumed"));
        Assert.That(resumed.Losses, Is.EqualTo(whole.Losses.Skip(step * accumulation)));
        Assert.That(Tiny.Distance(Tiny.Weights(resumed.Model), Tiny.Weights(whole.Model)), Is.Zero);
        var (moments, expected) = (resumed.Optimizer!.ToFile(), whole.Optimizer!.ToFile());
        foreach (var (parameter, state) in expected.State)
        {
            foreach (var name in (string[])["exp_avg", "exp_avg_sq"])
            {
                var theirs = state.Tensor(name).ToArray<float>();
                Assert.That(moments.State[parameter].Tensor(name).ToArray<float>(), Is.EqualTo(theirs), $"{name} of {parameter}");
            }
        }
        Assert.That(resumed.State.LogHistory[^2]["loss"], Is.EqualTo(whole.State.LogHistory[^2]["loss"]));

        WatchedTrainer Run(string? checkpoint, string name)
        {
            var args = Tiny.Arguments(
                folder[name], ("num_train_epochs", 2L), ("per_device_train_batch_size", 4L),
                ("gradient_accumulation_steps", (long)accumulation), ("save_steps", (long)step),
                ("logging_steps", 1L), ("learning_rate", 1e-3));
            var trainer = new WatchedTrainer(args, Tiny.Train.Take(20 * accumulation), model: Tiny.ModelWithDropout(dropout));
            trainer.Train(checkpoint);
            return trainer;
        }
    }

    [Test]
    public void A_checkpoint_is_read_anew_however_far_the_trainer_has_come()
    {
        using var folder = new TemporaryFolder();
        var args = Tiny.Arguments(
            folder["out"], ("max_steps", 5L), ("per_device_train_batch_size", 1L), ("save_steps", 3L), ("learning_rate", 1e-3));
        var trainer = new WatchedTrainer(args, Tiny.Train.Take(1)); // one row has one order: nothing seeds the generators again
        trainer.Train();
        var weights = Tiny.Weights(trainer.Model);
        trainer.Train(folder["out/checkpoint-3"]); // optimizer and schedule have gone on meanwhile
        Assert.That(Tiny.Distance(Tiny.Weights(trainer.Model), weights), Is.Zero);
        Assert.That(trainer.Losses[5..], Is.EqualTo(trainer.Losses[3..5]));
    }

    [Test]
    public void The_best_weights_are_loaded_at_the_end()
    {
        using var folder = new TemporaryFolder();
        var scores = new Queue<double>([0.5, 0.9, 0.7]);
        var args = Tiny.Arguments(
            folder["out"], ("max_steps", 6L), ("per_device_train_batch_size", 4L), ("evaluation_strategy", "steps"), ("eval_steps", 2L),
            ("save_steps", 2L), ("load_best_model_at_end", true), ("metric_for_best_model", "score"), ("learning_rate", 1e-3));
        var trainer = new WatchedTrainer(
            args, Tiny.Train.Take(20), Tiny.Eval.Take(4), computeMetrics: _ => new Metrics { ["score"] = scores.Dequeue() });
        trainer.Train();
        Assert.That(Tiny.Distance(Tiny.Weights(trainer.Model), Tiny.Weights(folder["out/checkpoint-4/model.safetensors"])), Is.Zero);
        var last = Tiny.Weights(folder["out/checkpoint-6/model.safetensors"]);
        Assert.That(Tiny.Distance(Tiny.Weights(trainer.Model), last), Is.GreaterThan(0));
    }

    [Test]
    public void A_best_checkpoint_that_is_gone_is_warned_of()
    {
        using var folder = new TemporaryFolder();
        List<string> warnings = [];
        TrainingCheckpoint.LoadBestModel(Tiny.Model(), folder["checkpoint-4"], warnings.Add);
        Assert.That(warnings.Single(), Does.Contain("checkpoint-4").And.Contain("gone"));
    }
}
