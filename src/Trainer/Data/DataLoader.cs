using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Data;

/// <summary>Cuts a data set into batches, pass after pass, drawing random numbers as torch's DataLoader does.</summary>
/// <param name="dataset">The rows.</param>
/// <param name="batchSize">Rows in a batch.</param>
/// <param name="sampler">The order of each pass.</param>
/// <param name="collator">Makes tensors of some rows.</param>
/// <param name="dropLast">Leave out a last batch that is not full.</param>
public sealed class DataLoader(IDataset dataset, int batchSize, Sampler sampler, DataCollator collator, bool dropLast = false)
{
    private int[]? _order; // of the last pass, to be used again by the next

    /// <summary>The rows.</summary>
    public IDataset Dataset => dataset;

    /// <summary>Rows in a full batch.</summary>
    public int BatchSize => batchSize;

    /// <summary>The order of each pass.</summary>
    public Sampler Sampler => sampler;

    /// <summary>Batches in a pass.</summary>
    public int Count => dropLast ? sampler.Count / batchSize : (sampler.Count + batchSize - 1) / batchSize;

    /// <summary>The row numbers of each batch of a new pass. Beginning a pass takes one 64-bit draw
    /// from <see cref="TorchGenerator.Default"/>, then the sampler's.</summary>
    /// <remarks>The numbers hold until the pass ends.</remarks>
    /// <param name="skip">Batches at the beginning that are left out (resuming); their rows are drawn all the same.</param>
    public IEnumerable<ReadOnlyMemory<int>> Batches(int skip = 0)
    {
        TorchGenerator.Default.NextUInt64(); // torch's base seed for workers, drawn without workers too
        var order = Interlocked.Exchange(ref _order, null);
        if (order?.Length != sampler.Count) order = new int[sampler.Count];
        sampler.Draw(order);
        for (var batch = skip; batch < Count; batch++)
        {
            var start = batch * batchSize;
            yield return order.AsMemory(start, Math.Min(batchSize, order.Length - start));
        }
        _order = order;
    }

    /// <summary>The tensors of a batch, in the memory of the open scope.</summary>
    public Batch Load(ReadOnlyMemory<int> rows) => collator(dataset, rows.Span);
}
