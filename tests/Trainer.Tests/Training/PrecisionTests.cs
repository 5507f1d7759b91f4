using NativeTrainer.Autograd;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Training;

/// <summary>Training and evaluating in less than float32.</summary>
public sealed class PrecisionTests
{
    [Test]
    public void A_run_of_the_real_Trainer_in_bf16()
    {
        using var folder = new TemporaryFolder();
        var expected = Golden.Json("runs/gpt2-bf16/expected.json");
        var within = 10 * expected.GetProperty("sensitivity").GetDouble();
        var trainer = new Losses(Tiny.Arguments(folder["out"],
            ("per_device_train_batch_size", 4L), ("learning_rate", 1e-3), ("max_steps", 50L), ("save_strategy", "no"), ("bf16", true)));
        trainer.Train();
        Assert.That(trainer.Seen,
            Is.EqualTo(expected.GetProperty("micro_losses").EnumerateArray().Select(value => value.GetDouble())).Within(within));
        Assert.That((double)trainer.Evaluate()["eval_loss"],
            Is.EqualTo(expected.GetProperty("final_eval").GetProperty("eval_loss").GetDouble()).Within(within));
        Assert.That(trainer.Model.Parameters().Select(parameter => parameter.Value.DType), Has.All.EqualTo(DType.Float32));
    }

    [Test]
    public void Predictions_come_in_float32()
    {
        using var folder = new TemporaryFolder();
        var trainer = new Trainer(Tiny.Model(), Tiny.Arguments(folder["out"], ("bf16", true)));
        Assert.That(trainer.Predict(Tiny.Eval).Predictions[0].DType, Is.EqualTo(DType.Float32));
    }

    [Test]
    public void A_full_evaluation_rounds_the_weights_for_as_long_as_it_takes()
    {
        using var folder = new TemporaryFolder();
        var exact = new Trainer(Tiny.Model(), Tiny.Arguments(folder["out"]), evalDataset: Tiny.Eval);
        var rounded = new Trainer(Tiny.Model(), Tiny.Arguments(folder["out"], ("bf16_full_eval", true)), evalDataset: Tiny.Eval);
        var (loss, other) = ((double)exact.Evaluate()["eval_loss"], (double)rounded.Evaluate()["eval_loss"]);
        Assert.That(other, Is.Not.EqualTo(loss).And.EqualTo(loss).Within(0.03));
        Assert.That(Tiny.Weights(rounded.Model), Is.EqualTo(Tiny.Weights(exact.Model)), "the weights come back");
    }

    [TestCase("cpu_amp", "O1", 0.02)]
    [TestCase("apex", "O0", 1e-6)]
    [TestCase("apex", "O1", 0.02)]
    [TestCase("apex", "O2", 0.02)]
    [TestCase("apex", "O3", 0.2)]
    public void Training_in_float16_stays_near_float32(string backend, string level, double within)
    {
        using var folder = new TemporaryFolder();
        var exact = Run();
        var half = Run(("fp16", true), ("half_precision_backend", backend), ("fp16_opt_level", level));
        Assert.That(half.Seen, Is.EqualTo(exact.Seen).Within(within));
        if (level != "O0") Assert.That(half.Seen, Is.Not.EqualTo(exact.Seen));
        var weights = Tiny.Weights(half.Model).Values.SelectMany(values => values);
        Assert.That(weights.All(weight => (float)(Half)weight == weight), Is.EqualTo(level == "O3"), "weights that float16 has");

        Losses Run(params IEnumerable<(string, object?)> more)
        {
            var run = new Losses(Tiny.Arguments(folder["out"], [("per_device_train_batch_size", 4L), ("learning_rate", 1e-3), ("max_steps", 12L),
                ("save_strategy", "no"), .. more]));
            run.Train();
            return run;
        }
    }

    [Test]
    public void The_learning_rate_waits_while_the_loss_scale_is_found_and_a_checkpoint_keeps_it()
    {
        using var folder = new TemporaryFolder();
        var whole = Run(null);
        Assert.That(whole.Rates[1], Is.EqualTo(whole.Rates[0]), "the first update overflowed and was skipped");
        Assert.That(whole.Rates[^1], Is.LessThan(whole.Rates[0]));
        Assert.That(whole.State.GlobalStep, Is.EqualTo(10), "skipped updates are steps all the same");
        var resumed = Run(folder["whole/checkpoint-6"]);
        Assert.That(Tiny.Weights(resumed.Model), Is.EqualTo(Tiny.Weights(whole.Model)));

        Overflowing Run(string? checkpoint)
        {
            var trainer = new Overflowing(Tiny.Arguments(folder[checkpoint is null ? "whole" : "resumed"], ("per_device_train_batch_size", 4L),
                ("max_steps", 10L), ("save_steps", 6L), ("logging_steps", 1L), ("fp16", true), ("half_precision_backend", "cpu_amp")));
            trainer.Train(checkpoint);
            return trainer;
        }
    }

    /// <summary>A loss whose first gradients are too large for any scale.</summary>
    private sealed class Overflowing(TrainingArguments args) : Trainer(Tiny.Model(), args, trainDataset: Tiny.Train)
    {
        public List<double> Rates =>
            [.. State.LogHistory.Where(log => log.ContainsKey("learning_rate")).Select(log => Convert.ToDouble(log["learning_rate"], null))];

        public override (Tensor Loss, ModelOutput Outputs) ComputeLoss(PreTrainedModel model, Batch inputs)
        {
            var (loss, outputs) = base.ComputeLoss(model, inputs);
            return (State.GlobalStep == 1 ? loss * 1e6 : loss, outputs);
        }
    }

    private sealed class Losses(TrainingArguments args) : Trainer(Tiny.Model(), args, trainDataset: Tiny.Train, evalDataset: Tiny.Eval)
    {
        public List<double> Seen { get; } = [];

        public override Tensor TrainingStep(PreTrainedModel model, Batch inputs)
        {
            var loss = base.TrainingStep(model, inputs);
            Seen.Add(loss.Item<float>());
            return loss;
        }
    }
}
