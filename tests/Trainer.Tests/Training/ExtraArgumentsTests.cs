using NativeTrainer.Autograd;
using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Training;

/// <summary>What later versions of Transformers have, and what users have asked for: each does what it says, and no file shows it unasked.</summary>
public sealed class ExtraArgumentsTests
{
    [Test]
    public void An_accumulated_step_divided_by_all_its_labels_is_that_of_Transformers_5()
    {
        using var folder = new TemporaryFolder();
        var golden = Golden.Json("newer/accumulation.json");
        var given = Tiny.Given(golden.GetProperty("arguments")).Where(entry => entry.Name != "train_sampling_strategy");
        var trainer = new Trainer(Tiny.Model(), Tiny.Arguments(folder["out"], [.. given, ("train_sampling_strategy", "sequential"),
            ("average_tokens_across_devices", true), ("log_grad_norm", true)]), trainDataset: Tiny.Rows("lm-varlen-train"));
        trainer.Train();
        Assert.That(Logged(trainer, "loss"), Is.EqualTo(Numbers("step_losses")).Within(1.1e-4));
        Assert.That(Logged(trainer, "grad_norm"), Is.EqualTo(Numbers("grad_norms")).Within(1e-3));

        IEnumerable<double> Numbers(string name) => golden.GetProperty(name).EnumerateArray().Select(value => value.GetDouble());
    }

    [Test]
    public void A_batch_without_labels_counts_for_nothing()
    {
        using var folder = new TemporaryFolder();
        var log = new Log();
        var rows = Tiny.Rows("lm-train");
        var trainer = new Trainer(Tiny.Model(), Tiny.Arguments(folder["out"], ("max_steps", 2L), ("gradient_accumulation_steps", 2L),
            ("average_tokens_across_devices", true), ("warn_empty_labels", true), ("save_strategy", "no"), ("per_device_train_batch_size", 2L)),
            dataCollator: (given, row) => Blank(new PaddingCollator(0, true).Collate(given, row)), trainDataset: rows, logger: log);
        Assert.That(double.IsFinite(trainer.Train().TrainingLoss));
        Assert.That(Tiny.Weights(trainer.Model).Values.SelectMany(values => values), Has.All.Matches<float>(float.IsFinite));
        Assert.That(log.Lines, Has.Some.Contains("all labels of a batch are -100"));
    }

    [Test]
    public void Training_stops_in_time_with_what_is_due_at_its_end()
    {
        using var folder = new TemporaryFolder();
        var args = Tiny.Arguments(folder["out"], ("max_train_minutes", 1e-9), ("save_on_end", true), ("eval_on_end", true),
            ("eval_on_start", true), ("log_jsonl", folder["out/log.jsonl"]), ("save_strategy", "no"));
        var trainer = new Trainer(Tiny.Model(), args, trainDataset: Tiny.Train, evalDataset: Tiny.Eval);
        Assert.That(trainer.Train().GlobalStep, Is.EqualTo(1));
        Assert.That(Directory.Exists(folder["out/checkpoint-1"]));
        var steps = trainer.State.LogHistory.Where(log => log.ContainsKey("eval_loss")).Select(log => Convert.ToInt32(log["step"], null));
        Assert.That(steps, Is.EqualTo([0, 1]));
        var lines = File.ReadAllLines(folder["out/log.jsonl"]);
        Assert.That(lines, Has.Length.EqualTo(trainer.State.LogHistory.Count));
        Assert.That(lines[0], Does.StartWith("{\"eval_loss\": ").And.EndsWith(", \"step\": 0}"));
    }

    [Test]
    public void The_end_is_saved_and_evaluated_once_where_it_is_due_anyway()
    {
        using var folder = new TemporaryFolder();
        var args = Tiny.Arguments(folder["out"], ("max_steps", 4L), ("save_steps", 3L), ("evaluation_strategy", "steps"), ("eval_steps", 2L),
            ("save_on_end", true), ("eval_on_end", true));
        var trainer = new Trainer(Tiny.Model(), args, trainDataset: Tiny.Train, evalDataset: Tiny.Eval);
        trainer.Train();
        Assert.That(Directory.GetDirectories(folder["out"]).Select(Path.GetFileName), Is.EquivalentTo(["checkpoint-3", "checkpoint-4"]));
        Assert.That(trainer.State.LogHistory.Count(log => log.ContainsKey("eval_loss")), Is.EqualTo(2));
    }

    [Test]
    public void Metrics_batch_by_batch_see_what_metrics_of_all_see()
    {
        using var folder = new TemporaryFolder();
        var (rows, results) = (0L, 0);
        var trainer = new Trainer(Tiny.Model(), Tiny.Arguments(folder["out"], ("batch_eval_metrics", true)), evalDataset: Tiny.Eval,
            computeMetrics: prediction =>
            {
                rows += prediction.Predictions.Size(0);
                if (!prediction.ComputeResult) return [];
                results++;
                return new Metrics { ["rows"] = rows };
            });
        Assert.That((long)trainer.Evaluate()["eval_rows"], Is.EqualTo(Tiny.Eval.Count));
        Assert.That(results, Is.EqualTo(1));
    }

    [Test]
    public void Group_by_length_has_two_names()
    {
        var args = new TrainingArguments("out") { TrainSamplingStrategy = "group_by_length" }.Complete();
        Assert.That(args.GroupByLength);
        Assert.That(() => new TrainingArguments("out") { GroupByLength = true, TrainSamplingStrategy = "sequential" }.Complete(),
            Throws.TypeOf<InvalidArgumentException>().With.Message.Contains("train_sampling_strategy"));
    }

    [Test]
    public void Texts_show_them_only_where_they_are_set()
    {
        var (plain, set) = (new TrainingArguments("out"), new TrainingArguments("out") { EvalOnStart = true });
        foreach (var field in plain.Fields.Where(field => field.IsExtra))
        {
            Assert.That(plain.ToDict().ContainsKey(field.Name), Is.False, field.Name);
            Assert.That(plain.ToString(), Does.Not.Contain($"\n{field.Name}="), field.Name);
        }
        Assert.That(set.ToJsonString(), Does.Contain("\"eval_on_start\": true"));
        Assert.That(set.ToString(), Does.Contain("\neval_on_start=True,"));
    }

    private static IEnumerable<double> Logged(Trainer trainer, string name) =>
        trainer.State.LogHistory.Where(log => log.ContainsKey(name)).Select(log => Convert.ToDouble(log[name], null));

    private int _batches;

    // Every other batch loses its labels.
    private Batch Blank(Batch batch)
    {
        if (_batches++ % 2 == 1) batch["labels"] = Tensor.Full(batch["labels"].Shape, -100, DType.Int64);
        return batch;
    }
}
