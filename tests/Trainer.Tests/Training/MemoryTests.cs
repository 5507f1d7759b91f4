using NativeTrainer.Data;
using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Training;

/// <summary>Steady training: a step allocates next to nothing, nothing grows, and no collection of generation 2 comes.</summary>
[NonParallelizable] // what others allocate would count
public sealed class MemoryTests
{
    private const int WarmUp = 100, Steps = 400;

    // A batch's names, and the two outputs of the model and its head.
    private const long BytesAStep = 512;

    [Test]
    public void Rows_of_one_length() => Train(Tiny.Train, 4, 1, growth: 1);

    // A shape that comes for the first time may need a block that none before it had.
    [Test]
    public void Rows_of_many_lengths_accumulated() => Train(Tiny.Rows("lm-varlen-train"), 3, 2, growth: 1.25);

    private static void Train(IDataset rows, long batch, long accumulation, double growth)
    {
        using var folder = new TemporaryFolder();
        GC.Collect();
        var args = Tiny.Arguments(
            folder["out"], ("max_steps", (long)Steps), ("per_device_train_batch_size", batch),
            ("gradient_accumulation_steps", accumulation), ("save_strategy", "no"), ("logging_strategy", "no"));
        var trainer = new Measured(args, rows);
        trainer.Train();
        var (from, to) = (trainer.Marks[WarmUp - 1], trainer.Marks[^1]);
        var allowed = BytesAStep * (trainer.Marks.Count - WarmUp);
        Assert.That(to.Managed - from.Managed, Is.LessThan(allowed), "bytes of managed memory since the warm-up");
        Assert.That(to.Collections, Is.EqualTo(from.Collections), "collections of generation 2");
        Assert.That(to.Pool, Is.InRange(from.Pool / growth, from.Pool * growth), "bytes in the pool of a step");
        Assert.That(to.Alive, Is.EqualTo(from.Alive), "tensors alive at the beginning of a step");
    }

    private sealed class Measured : Trainer
    {
        public Measured(TrainingArguments args, IDataset rows)
            : base(Tiny.Model(), args, trainDataset: rows) => Marks = new(2 * Steps);

        public List<(long Managed, int Collections, long Pool, int Alive)> Marks { get; }

        public override Tensor TrainingStep(PreTrainedModel model, Batch inputs)
        {
            var alive = TensorPool.Current!.AliveCount;
            var loss = base.TrainingStep(model, inputs);
            Marks.Add((GC.GetAllocatedBytesForCurrentThread(), GC.CollectionCount(2), TensorPool.Current.CachedBytes, alive));
            return loss;
        }
    }
}
