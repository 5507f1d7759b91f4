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
