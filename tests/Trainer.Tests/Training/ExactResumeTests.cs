using NativeTrainer.Checkpoints;
using NativeTrainer.Data;

namespace NativeTrainer.Tests.Training;

/// <summary>A training that goes on from a checkpoint of ours gives the logs and the bits of the one that was never interrupted.</summary>
public sealed class ExactResumeTests
{
    private static readonly (string, object?)[] ThreeEpochs =
    [
        ("num_train_epochs", 3L), ("per_device_train_batch_size", 4L), ("per_device_eval_batch_size", 4L), ("learning_rate", 1e-3),
        ("logging_steps", 2L), ("save_strategy", "steps"), ("save_steps", 1L),
    ];

    private static readonly Dictionary<string, (string, object?)[]> Settings = new()
    {
        ["plain"] = [],
        ["evaluations between"] = [("evaluation_strategy", "steps"), ("eval_steps", 2L)],
        ["evaluations at the end of epochs"] = [("evaluation_strategy", "epoch")],
        ["accumulation that an epoch leaves unfinished"] = [("gradient_accumulation_steps", 3L)],
        ["accumulation, saved at the end of epochs"] = [("gradient_accumulation_steps", 3L), ("save_strategy", "epoch")],
        ["grouped by length"] = [("group_by_length", true), ("evaluation_strategy", "epoch")],
        ["a data seed"] = [("data_seed", 5L), ("evaluation_strategy", "epoch")],
        ["max_steps"] = [("max_steps", 12L), ("evaluation_strategy", "epoch"), ("save_strategy", "epoch")],
    };

    public static IEnumerable<string> Names => Settings.Keys;

    [TestCaseSource(nameof(Names))]
    public void Every_checkpoint_goes_on_as_if_nothing_had_been(string name)
    {
        using var folder = new TemporaryFolder();
        var whole = Run(folder["whole"], null, Settings[name]);
        var checkpoints = CheckpointFolder.Sorted(folder["whole"]);
        Assert.That(checkpoints, Has.Count.GreaterThan(1));
        foreach (var checkpoint in checkpoints)
        {
            var resumed = Run(folder["resumed"], checkpoint, Settings[name]);
            var label = Path.GetFileName(checkpoint);
            Assert.That(Tiny.Distance(Tiny.Weights(resumed.Model), Tiny.Weights(whole.Model)), Is.Zero, label);
            Assert.That(Logs(resumed), Is.EqualTo(Logs(whole)), label);
        }
    }

    [Test]
    public void Early_stopping_goes_on_counting()
    {
        using var folder = new TemporaryFolder();
        (string, object?)[] settings =
        [
            ("evaluation_strategy", "steps"), ("eval_steps", 1L), ("load_best_model_at_end", true), ("metric_for_best_model", "score"),
        ];
        double[] scores = [0.5, 0.4, 0.3, 0.2, 0.1];
        var whole = Run(folder["whole"], null, settings, scores);
        var resumed = Run(folder["resumed"], folder["whole/checkpoint-2"], settings, scores[2..]);
        Assert.That(whole.State.GlobalStep, Is.EqualTo(4));
        Assert.That(resumed.State.GlobalStep, Is.EqualTo(4));
    }

    [Test]
    public void A_torn_checkpoint_is_passed_over_and_the_one_before_it_used()
    {
        using var folder = new TemporaryFolder();
        Run(folder["whole"], null, []);
        var (weights, optimizer) = (folder["whole/checkpoint-15/model.safetensors"], folder["whole/checkpoint-14/optimizer.pt"]);
        using (var file = File.OpenWrite(weights)) file.SetLength(file.Length - 4);
        var bytes = File.ReadAllBytes(optimizer);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(optimizer, bytes);
        File.Delete(folder["whole/checkpoint-13/scheduler.pt"]);

        List<string> warnings = [];
        Assert.That(CheckpointFolder.LastWhole(folder["whole"], warnings.Add), Is.EqualTo(folder["whole/checkpoint-12"]));
        Assert.That(warnings, Has.Count.EqualTo(3));
        Assert.That(warnings[0], Does.Contain(weights));
        Assert.That(warnings[1], Does.Contain(optimizer));
        Assert.That(warnings[2], Does.Contain("scheduler.pt"));
        var error = Assert.Throws<CheckpointException>(() => Run(folder["again"], folder["whole/checkpoint-14"], []));
        Assert.That(error!.Message, Does.Contain(optimizer));
    }

    // Runtimes and speeds belong to a run, not to a training.
    private static List<string> Logs(Trainer trainer) => [.. trainer.State.LogHistory.Select(log => PythonJson.Write(
        new OrderedDictionary<string, object?>(log.Where(e => !e.Key.Contains("_runtime") && !e.Key.Contains("_per_second"))!), sortKeys: true))];

    private static WatchedTrainer Run(string output, string? checkpoint, (string, object?)[] settings, double[]? scores = null)
    {
        if (Directory.Exists(output) && checkpoint is not null) Directory.Delete(output, recursive: true);
        var queue = new Queue<double>(scores ?? []);
        var trainer = new WatchedTrainer(
            Tiny.Arguments(output, [.. ThreeEpochs, .. settings]), Tiny.Train.Take(20), Tiny.Eval.Take(6), model: Tiny.ModelWithDropout(0.1),
            computeMetrics: scores is null ? null : _ => new Metrics { ["score"] = queue.Dequeue() },
            callbacks: scores is null ? [] : [new EarlyStoppingCallback(3)]);
        trainer.Train(checkpoint);
        return trainer;
    }
}
