using NativeTrainer.Checkpoints;
using NativeTrainer.Data;

namespace NativeTrainer.Tests.Training;

/// <summary>Training and evaluation on rows that come one after another, and with threads that prepare them.</summary>
public sealed class StreamTrainingTests
{
    [Test]
    public void A_stream_without_length_needs_max_steps() => Assert.That(
        () => new WatchedTrainer(Tiny.Arguments("out"), Tiny.Endless(Tiny.Train.Take(8))),
        Throws.InstanceOf<InvalidArgumentException>().With.Message.EqualTo(
            "max_steps is -1, expected above 0 for a train_dataset without length"));

    [Test]
    public void Rows_of_a_stream_cannot_be_grouped_by_length() => Assert.That(
        () => new WatchedTrainer(Tiny.Arguments("out", ("group_by_length", true)), Tiny.Train.Take(8).AsStream()),
        Throws.InstanceOf<InvalidArgumentException>().With.Message.StartsWith("group_by_length is true"));

    [Test]
    public void A_stream_with_a_length_trains_by_epochs()
    {
        using var folder = new TemporaryFolder();
        var trainer = Train(folder["out"], Tiny.Train.Take(10).AsStream(), ("num_train_epochs", 2L));
        Assert.That(trainer.Rows.Select(rows => string.Join(' ', rows)),
            Is.EqualTo(new[] { "0 1 2 3", "4 5 6 7", "8 9", "0 1 2 3", "4 5 6 7", "8 9" }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Resuming_skips_rows_in_later_passes_too(bool isExact)
    {
        using var folder = new TemporaryFolder();
        var rows = Tiny.Endless(Tiny.Train.Take(10)).Shuffle(seed: 1, bufferSize: 4);
        (string, object?)[] settings = [("max_steps", 8L), ("save_strategy", "steps"), ("save_steps", 5L)];
        var whole = Train(folder["whole"], rows, settings);
        var checkpoint = folder["whole/checkpoint-5"];
        if (!isExact)
        {
            foreach (var file in Directory.GetFiles(checkpoint, "native*")) File.Delete(file);
        }
        var resumed = new WatchedTrainer(Tiny.Arguments(folder["again"], [.. Common, .. settings]), rows);
        resumed.Train(checkpoint);
        Assert.That(resumed.Rows, Is.EqualTo(whole.Rows[5..]));
        Assert.That(resumed.Losses, Is.EqualTo(whole.Losses[5..]));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Workers_change_no_number(bool isStream)
    {
        using var folder = new TemporaryFolder();
        var rows = isStream ? Tiny.Endless(Tiny.Train.Take(20)) : Tiny.Train.Take(20);
        var alone = Train(folder["a"], rows, ("max_steps", 8L));
        var helped = Train(folder["b"], rows, ("max_steps", 8L), ("dataloader_num_workers", 2L), ("dataloader_persistent_workers", true));
        Assert.That(helped.Rows, Is.EqualTo(alone.Rows));
        Assert.That(helped.Losses, Is.EqualTo(alone.Losses));
        Assert.That(Tiny.Distance(Tiny.Weights(helped.Model), Tiny.Weights(alone.Model)), Is.Zero);
    }

    [Test]
    public void Evaluation_counts_the_rows_of_a_stream()
    {
        using var folder = new TemporaryFolder();
        var trainer = new WatchedTrainer(Tiny.Arguments(folder["out"], Common), Tiny.Train.Take(4));
        var whole = trainer.Evaluate(Tiny.Eval.Take(10));
        var streamed = trainer.Evaluate(Tiny.Endless(Tiny.Eval.Take(10)));
        Assert.That(streamed["eval_loss"], Is.EqualTo(whole["eval_loss"]));
        Assert.That(streamed["eval_samples_per_second"], Is.EqualTo(whole["eval_samples_per_second"]));
    }

    private static (string, object?)[] Common =>
        [("per_device_train_batch_size", 4L), ("per_device_eval_batch_size", 4L), ("save_strategy", "no"), ("learning_rate", 1e-3)];

    private static WatchedTrainer Train(string folder, IDataset rows, params (string, object?)[] settings)
    {
        var trainer = new WatchedTrainer(Tiny.Arguments(folder, [.. Common, .. settings]), rows);
        trainer.Train();
        return trainer;
    }
}
