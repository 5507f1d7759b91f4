using NativeTrainer.Data;
using NativeTrainer.Tests.Training;

namespace NativeTrainer.Tests.Optimization;

/// <summary>Optimizers in the Trainer: a training goes on from its checkpoint to the bit, and what is evaluated is what is saved.</summary>
public sealed class OptimizerTrainingTests
{
    [TestCase("schedule_free_adamw", 1)]
    [TestCase("schedule_free_adamw", 2)]
    [TestCase("muon", 1)]
    [TestCase("adafactor", 1)]
    [TestCase("adamw_8bit", 1)]
    public void An_interrupted_training_ends_with_the_same_bits(string optim, int accumulation)
    {
        using var folder = new TemporaryFolder();
        var whole = Run(null, "whole");
        var resumed = Run(folder["whole/checkpoint-3"], "resumed");
        Assert.That(resumed.Losses, Is.EqualTo(whole.Losses.Skip(3 * accumulation)));
        Assert.That(Tiny.Distance(Tiny.Weights(resumed.Model), Tiny.Weights(whole.Model)), Is.Zero);

        WatchedTrainer Run(string? checkpoint, string name)
        {
            var args = Tiny.Arguments(
                folder[name], ("max_steps", 5L), ("per_device_train_batch_size", 2L), ("gradient_accumulation_steps", (long)accumulation),
                ("save_steps", 3L), ("learning_rate", 1e-3), ("optim", optim), ("lr_scheduler_type", "constant"));
            var trainer = new WatchedTrainer(args, Tiny.Train.Take(20));
            trainer.Train(checkpoint);
            return trainer;
        }
    }

    [Test]
    public void Schedule_free_evaluates_and_saves_the_average()
    {
        using var folder = new TemporaryFolder();
        var args = Tiny.Arguments(
            folder["out"], ("max_steps", 6L), ("per_device_train_batch_size", 4L), ("learning_rate", 1e-2), ("save_steps", 6L),
            ("optim", "schedule_free_adamw"), ("lr_scheduler_type", "constant"), ("evaluation_strategy", "steps"), ("eval_steps", 2L));
        var trainer = new WatchedTrainer(args, Tiny.Train.Take(24), Tiny.Eval.Take(4));
        trainer.Train();
        var average = Tiny.Weights(trainer.Model);
        Assert.That(Tiny.Distance(Tiny.Weights(folder["out/checkpoint-6/model.safetensors"]), average), Is.Zero);
        Assert.That((double)trainer.Evaluate()["eval_loss"], Is.EqualTo((double)trainer.State.LogHistory.Last(log => log.Keys.Contains("eval_loss"))["eval_loss"]!));
        trainer.Optimizer!.Train();
        Assert.That(Tiny.Distance(Tiny.Weights(trainer.Model), average), Is.GreaterThan(1e-5), "the weights that training goes on from");
    }
}
