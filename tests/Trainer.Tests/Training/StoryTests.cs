using NativeTrainer.Data;

namespace NativeTrainer.Tests.Training;

/// <summary>
/// A script's whole way (train, save, evaluate, predict) as the real Trainer went it: every text that it wrote and printed. Losses may
/// differ in their last digits, all else is compared to the byte.
/// </summary>
public sealed class StoryTests
{
    private const double Tolerance = 1e-4;

    [Test]
    public void What_a_script_writes_and_prints()
    {
        using var folder = new TemporaryFolder();
        var output = folder["out"];
        var args = Tiny.Arguments(
            output, ("num_train_epochs", 2L), ("per_device_train_batch_size", 4L), ("per_device_eval_batch_size", 8L),
            ("gradient_accumulation_steps", 2L), ("learning_rate", 1e-3), ("weight_decay", 0.01), ("lr_scheduler_type", "cosine"),
            ("warmup_ratio", 0.1), ("logging_steps", 3L), ("logging_first_step", true), ("evaluation_strategy", "steps"),
            ("eval_steps", 4L), ("save_steps", 4L), ("save_total_limit", 2L), ("load_best_model_at_end", true));
        var printed = new StringWriter { NewLine = "\n" };
        var model = Tiny.Model();
        model.Config["_name_or_path"] = "models/gpt2-tiny"; // where the recording had it
        var trainer = new Trainer(
            model, args, trainDataset: Tiny.Train.Take(44), evalDataset: Tiny.Eval.Take(21), callbacks: [new PrinterCallback(printed)],
            timeProvider: new SteppingClock());

        var metrics = trainer.Train().Metrics;
        trainer.SaveModel();
        metrics["train_samples"] = 44;
        Report("train", metrics);
        trainer.SaveState();
        metrics = trainer.Evaluate();
        metrics["eval_samples"] = 21;
        metrics["perplexity"] = Math.Exp(metrics["eval_loss"]);
        Report("eval", metrics);
        var prediction = trainer.Predict(Tiny.Eval.Take(6));
        Report("test", prediction.Metrics, combined: false);

        AssertText(printed.ToString(), "printed.txt");
        foreach (var split in (string[])["train", "eval", "test", "all"]) AssertFile($"{split}_results.json", $"{split}_results.json");
        AssertFile("trainer_state.json", "trainer_state.json");
        AssertFile("checkpoint-8/trainer_state.json", "checkpoint-8.trainer_state.json");
        AssertFiles();

        // NativeTrainer prints its tables on the console; here they go where the recording had them.
        void Report(string split, Metrics metrics, bool combined = true)
        {
            NativeTrainer.Evaluation.MetricsReport.Print(printed, split, metrics);
            trainer.SaveMetrics(split, metrics, combined);
        }

        void AssertFile(string ours, string theirs) => AssertText(File.ReadAllText(Path.Combine(output, ours)), theirs);

        void AssertText(string ours, string theirs)
        {
            ours = ours.Replace(output, "<out>", StringComparison.Ordinal);
            Assert.That(Likeness.TextDifference(ours, Golden.Text($"checkpoints/lm/{theirs}"), Tolerance), Is.Null, theirs);
        }

        // Sizes too, but for those of texts with losses in them, whose digits may be one more or less.
        void AssertFiles()
        {
            var found = Directory.GetFiles(output, "*", SearchOption.AllDirectories)
                .Where(file => Path.GetFileName(file) != "nativetrainer.safetensors")
                .ToDictionary(file => Path.GetRelativePath(output, file).Replace('\\', '/'), file => new FileInfo(file).Length);
            var expected = Golden.Json("checkpoints/lm/facts.json").GetProperty("at the end").EnumerateObject()
                .Where(file => !file.Name.EndsWith("training_args.bin", StringComparison.Ordinal)).ToList();
            Assert.That(found.Keys, Is.EquivalentTo(expected.Select(file => file.Name)));
            foreach (var file in expected.Where(file => !file.Name.Contains("results.json") && !file.Name.Contains("trainer_state")))
            {
                Assert.That(found[file.Name], Is.EqualTo(file.Value.GetInt64()), file.Name);
            }
        }
    }
}
