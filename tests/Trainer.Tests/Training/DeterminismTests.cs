using NativeTrainer.Kernels.Cpu;

namespace NativeTrainer.Tests.Training;

/// <summary>The same seed gives the same bits, run for run, on any number of threads; full_determinism has nothing left to do.</summary>
[NonParallelizable] // the number of threads belongs to the process
public sealed class DeterminismTests
{
    [Test]
    public void Reruns_are_equal_to_the_bit_on_any_number_of_threads([Values] bool fullDeterminism)
    {
        var before = CpuThreadPool.ThreadCount;
        try
        {
            var expected = Weights(1);
            foreach (var threads in (int[])[1, 2, 3, 5]) Assert.That(Weights(threads), Is.EqualTo(expected), $"{threads} threads");
        }
        finally
        {
            CpuThreadPool.ThreadCount = before;
        }

        Dictionary<string, float[]> Weights(int threads)
        {
            CpuThreadPool.ThreadCount = threads;
            using var folder = new TemporaryFolder();
            var args = Tiny.Arguments(folder["out"], ("max_steps", 5L), ("per_device_train_batch_size", 4L), ("save_strategy", "no"),
                ("neftune_noise_alpha", 5L), ("full_determinism", fullDeterminism));
            var trainer = new Trainer(Tiny.ModelWithDropout(0.1), args, trainDataset: Tiny.Train);
            trainer.Train();
            return Tiny.Weights(trainer.Model);
        }
    }
}
