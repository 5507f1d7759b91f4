using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Training;

/// <summary>What is done about memory: smaller batches where it ends, less of it by checkpointing, and what is reported of it.</summary>
[NonParallelizable] // what others take would count
public sealed class MemoryLimitTests
{
    [TearDown]
    public void NoLimit() => HostMemoryUse.LimitBytes = null;

    [Test]
    public void A_batch_that_does_not_fit_is_halved_until_it_does()
    {
        var (fits, tooMuch) = (Peak(8), Peak(16));
        var expected = Weights(8, null, find: false);
        var found = Weights(32, (fits + tooMuch) / 2, find: true);
        Assert.That(found.BatchSize, Is.EqualTo(8));
        Assert.That(found.Weights, Is.EqualTo(expected.Weights), "as if the training had begun with the smaller batch");
        Assert.That(HostMemoryUse.LimitBytes, Is.Not.Null, "a limit of the user's stays");
    }

    [Test]
    public void Without_auto_find_batch_size_the_error_is_the_users()
        => Assert.That(() => Weights(32, Peak(8), find: false), Throws.TypeOf<OutOfMemoryException>().With.Message.Contains("bytes left"));

    [Test]
    public void A_row_that_does_not_fit_ends_the_search()
        => Assert.That(() => Weights(4, Peak(1) * 9 / 10, find: true),
            Throws.TypeOf<OutOfMemoryException>().With.Message.Contains("auto_find_batch_size").And.Message.Contains("one row"));

    [Test]
    public void Gradient_checkpointing_takes_less_memory()
        => Assert.That(Peak(32, ("gradient_checkpointing", true)), Is.LessThan(0.8 * Peak(32)));

    [Test]
    public void Memory_is_reported_under_the_names_of_Transformers()
    {
        using var folder = new TemporaryFolder();
        var args = Tiny.Arguments(folder["out"], ("max_steps", 4L), ("skip_memory_metrics", false), ("save_strategy", "no"),
            ("evaluation_strategy", "steps"), ("eval_steps", 2L));
        var trainer = new Trainer(Tiny.Model(), args, trainDataset: Tiny.Train, evalDataset: Tiny.Eval);
        var seen = Golden.Json("checkpoints/metrics.json").GetProperty("seen").GetProperty("memory").GetProperty("keys");

        // Here total_flos stays in what Train() returns: there is no handler that takes it out.
        Same("train()", trainer.Train().Metrics.Keys.Except(["total_flos"]));
        Same("evaluate()", trainer.Evaluate().Keys);
        Same("predict()", trainer.Predict(Tiny.Eval).Metrics.Keys);
        Assert.That(trainer.State.LogHistory.SelectMany(log => log.Keys), Has.Some.EqualTo("train_mem_cpu_alloc_delta"));
        Assert.That(trainer.State.LogHistory.SelectMany(log => log.Keys), Has.None.StartsWith("eval_mem"));

        void Same(string what, IEnumerable<string> keys) => Assert.That(keys,
            Is.EqualTo(seen.GetProperty(what).EnumerateArray().Select(key => key.GetString())), what);
    }

    private static long Peak(long batch, params IEnumerable<(string, object?)> more)
    {
        Collect();
        HostMemoryUse.ResetPeak();
        var before = HostMemoryUse.Bytes;
        Weights(batch, null, find: false, more);
        return HostMemoryUse.PeakBytes - before;
    }

    /// <param name="batch">Rows in a batch.</param>
    /// <param name="limit">Bytes beyond what is taken already.</param>
    /// <param name="find">auto_find_batch_size.</param>
    /// <param name="more">Other arguments.</param>
    private static (int? BatchSize, Dictionary<string, float[]> Weights) Weights(
        long batch, long? limit, bool find, params IEnumerable<(string, object?)> more)
    {
        using var folder = new TemporaryFolder();
        Collect();
        var args = Tiny.Arguments(folder["out"], [("max_steps", 3L), ("per_device_train_batch_size", batch), ("save_strategy", "no"),
            ("auto_find_batch_size", find), .. more]);
        var taken = HostMemoryUse.Bytes;
        var trainer = new Trainer(Tiny.ModelWithDropout(0.1), args, trainDataset: Tiny.Train);
        if (limit is { } bytes) HostMemoryUse.LimitBytes = taken + bytes;
        trainer.Train();
        return (trainer.State.TrainBatchSize, Tiny.Weights(trainer.Model));
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
