using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Training;

/// <summary>Fifty steps of the real Trainer: the loss of each batch, the norm of each update's gradient, the weights at the end.</summary>
public sealed class WholeRunTests
{
    private const double Tolerance = 1e-4;

    [TestCase("gpt2-accumulate-3")]
    [TestCase("gpt2-varlen")]
    [TestCase("gpt2-neftune")]
    [TestCase("gpt2-cosine-warmup-decay")]
    public void A_run_of_the_real_Trainer(string name)
    {
        using var folder = new TemporaryFolder();
        var (given, expected) = (Golden.Map(Golden.Json($"runs/{name}/args.json")), Golden.Json($"runs/{name}/expected.json"));
        string[] ofTheScript = ["task", "model_name_or_path", "train_file", "validation_file"];
        var ofTheTrainer = given.Where(entry => !ofTheScript.Contains(entry.Key)).Select(entry => (entry.Key, entry.Value));
        var args = Tiny.Arguments(folder["out"], ofTheTrainer);
        var norms = new Norms();
        var trainer = new LossesSeen(args, Rows("train_file"), Rows("validation_file"), norms);
        trainer.Train();

        Assert.That(trainer.Losses, Is.EqualTo(Numbers("micro_losses")).Within(Tolerance));
        Assert.That(norms.Values, Is.EqualTo(Numbers("grad_norms")).Within(Tolerance * 10));
        Assert.That((double)trainer.Evaluate()["eval_loss"],
            Is.EqualTo(expected.GetProperty("final_eval").GetProperty("eval_loss").GetDouble()).Within(Tolerance));
        foreach (var (weight, values) in Tiny.Weights(trainer.Model))
        {
            var theirs = expected.GetProperty("weights").GetProperty(weight);
            Assert.That(values[..4],
                Is.EqualTo(theirs.GetProperty("first").EnumerateArray().Select(value => value.GetSingle())).Within(Tolerance), weight);
            Assert.That(Math.Sqrt(values.Sum(value => (double)value * value)),
                Is.EqualTo(theirs.GetProperty("norm").GetDouble()).Within(Tolerance), weight);
        }

        IDataset Rows(string file) => TextDataset.Load(file, [Golden.Path((string)given[file]!)], new TextDatasetOptions());

        IEnumerable<double> Numbers(string list) => expected.GetProperty(list).EnumerateArray().Select(value => value.GetDouble());
    }

    private sealed class LossesSeen(TrainingArguments args, IDataset train, IDataset eval, Norms norms)
        : Trainer(Tiny.Model(), args, trainDataset: train, evalDataset: eval, callbacks: [norms])
    {
        public List<double> Losses { get; } = [];

        public override Tensor TrainingStep(PreTrainedModel model, Batch inputs)
        {
            var loss = base.TrainingStep(model, inputs);
            Losses.Add(loss.Item<float>() * (double)Args.GradientAccumulationSteps);
            return loss;
        }
    }

    private sealed class Norms : TrainerCallback
    {
        public List<double> Values { get; } = [];

        public override void OnStepEnd(TrainingArguments args, TrainerState state, TrainerControl control, CallbackContext context) =>
            Values.Add(context.Optimizer!.LastGradientNorm);
    }
}
