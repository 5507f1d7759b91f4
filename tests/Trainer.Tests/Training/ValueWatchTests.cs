using NativeTrainer.Autograd;
using NativeTrainer.Kernels;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Training;

/// <summary>debug underflow_overflow names the module, the direction and the values, and stops.</summary>
public sealed class ValueWatchTests
{
    [Test]
    public void A_weight_that_is_nan_is_named_with_the_frames_before_it()
    {
        using var folder = new TemporaryFolder();
        var model = Tiny.Model();
        var (_, weight) = model.NamedParameters().Single(entry => entry.Name == "transformer.h.1.mlp.c_fc.bias");
        Backend.For(weight.Value).Fill(weight.Value, double.NaN);
        var error = Assert.Throws<NonFiniteValueException>(() => Train(new Trainer(model, Args(folder), trainDataset: Tiny.Train)));
        Assert.That(error!.Message, Is.EqualTo(
            "debug underflow_overflow: 0 infinite and 256 nan of 256 numbers in batch 0, forward pass, transformer.h.1.mlp.c_fc (Conv1D): bias"));
        Assert.That(error.Report, Does.StartWith("Detected inf/nan during batch_number=0\nLast ").And.Contains(" forward frames:\nabs min  abs max  metadata\n"));
        Assert.That(error.Report, Does.Contain("transformer.h.0.mlp.c_fc Conv1D").And.Contains("input[0]").And.Contains("     nan      nan bias"));
    }

    [Test]
    public void A_gradient_that_overflows_is_named()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<NonFiniteValueException>(() => Train(new Steep(Args(folder))));
        Assert.That(error!.Message, Does.Contain("in batch 2, backward pass, lm_head (Linear): gradient of output"));
    }

    [Test]
    public void A_sound_training_is_the_same_and_the_hooks_go()
    {
        using var folder = new TemporaryFolder();
        var watched = new Trainer(Tiny.Model(), Args(folder), trainDataset: Tiny.Train);
        var loss = watched.Train().TrainingLoss;
        var plain = new Trainer(Tiny.Model(), Tiny.Arguments(folder["out"], ("max_steps", 4L), ("save_strategy", "no")), trainDataset: Tiny.Train);
        Assert.That(loss, Is.EqualTo(plain.Train().TrainingLoss));
        var (_, weight) = watched.Model.NamedParameters().Last();
        Backend.For(weight.Value).Fill(weight.Value, double.NaN);
        Assert.That(() => watched.Predict(Tiny.Eval), Throws.Nothing);
    }

    private static TrainingArguments Args(TemporaryFolder folder) =>
        Tiny.Arguments(folder["out"], ("max_steps", 4L), ("save_strategy", "no"), ("debug", "underflow_overflow"));

    private static void Train(Trainer trainer) => trainer.Train();

    private sealed class Steep(TrainingArguments args) : Trainer(Tiny.Model(), args, trainDataset: Tiny.Train)
    {
        public override (Tensor Loss, ModelOutput Outputs) ComputeLoss(PreTrainedModel model, Batch inputs)
        {
            var (loss, outputs) = base.ComputeLoss(model, inputs);
            if (State.GlobalStep == 2) loss.RegisterHook(gradient => gradient * double.PositiveInfinity);
            return (loss, outputs);
        }
    }
}
