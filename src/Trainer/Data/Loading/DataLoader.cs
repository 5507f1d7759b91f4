using NativeTrainer.Models;
using NativeTrainer.Tensors;

namespace NativeTrainer.Data;

/// <summary>Cuts a data set into batches, pass after pass, drawing random numbers as torch's DataLoader does.</summary>
/// <remarks>With workers the batches are the same, made ahead by other threads: what the data set gives must then be readable by several
/// threads at once.</remarks>
/// <param name="dataset">The rows; of an <see cref="IIterableDataset"/> in its own order.</param>
/// <param name="batchSize">Rows in a batch.</param>
/// <param name="sampler">The order of each pass; not looked at for streams.</param>
/// <param name="collator">Makes tensors of some rows.</param>
/// <param name="dropLast">Leave out a last batch that is not full.</param>
public sealed class DataLoader(IDataset dataset, int batchSize, Sampler sampler, DataCollator collator, bool dropLast = false) : IDisposable
{
    private int[]? _order; // of the last pass, to be used again by the next
    private Prefetcher? _prefetcher;
    private Prefetcher.Slot? _slot; // of the batch that was given out last
    private BatchRows _current;

    /// <summary>The rows.</summary>
    public IDataset Dataset => dataset;

    /// <summary>Rows in a full batch.</summary>
    public int BatchSize => batchSize;

    /// <summary>The order of each pass.</summary>
    public Sampler Sampler => sampler;

    /// <summary>Threads that make batches ahead; 0: the one that asks makes them. Torch's <c>num_workers</c>.</summary>
    public int NumWorkers { get; init; }

    /// <summary>Batches that each worker may be ahead.</summary>
    public int PrefetchFactor { get; init; } = 2;

    /// <summary>Whether workers stay for the next pass.</summary>
    public bool PersistentWorkers { get; init; }

    /// <summary>The number of the next pass; a stream that shuffles gives another order to each.</summary>
    public long Epoch { get; set; }

    /// <summary>Batches in a pass; null for a stream without length.</summary>
    public int? Length => dataset is not IIterableDataset stream ? Batched(sampler.Count)
        : stream.Length is { } rows ? Batched(checked((int)rows)) : null;

    /// <summary>Batches in a pass.</summary>
    /// <exception cref="InvalidOperationException">The data set is a stream without length.</exception>
    public int Count => Length ?? throw new InvalidOperationException("a stream without length has no number of batches; see Length");

    /// <summary>Rows of the last pass over a stream, as far as it went.</summary>
    public long RowsSeen { get; private set; }

    /// <summary>The row numbers of each batch of a new pass. Beginning a pass takes one 64-bit draw
    /// from <see cref="TorchGenerator.Default"/>, then the sampler's.</summary>
    /// <remarks>The numbers hold until the next batch; those of a stream's rows count from the batch's first.</remarks>
    /// <param name="skip">Batches at the beginning that are left out (resuming); their rows are drawn all the same.</param>
    public IEnumerable<ReadOnlyMemory<int>> Batches(int skip = 0)
    {
        var seed = TorchGenerator.Default.NextUInt64() & long.MaxValue; // torch's base seed for workers, drawn without workers too
        using var source = Begin(skip);
        if (NumWorkers == 0)
        {
            while (source.Next(out _current))
            {
                Note(source);
                yield return _current.Rows;
            }
            Note(source);
            EndPass(source);
            yield break;
        }
        var workers = _prefetcher ??= new Prefetcher(NumWorkers, PrefetchFactor, Prepare);
        workers.Begin(source, seed);
        try
        {
            while ((_slot = workers.Next()) is { } slot)
            {
                yield return slot.Rows;
            }
        }
        finally
        {
            _slot = null;
            workers.End();
            Note(source);
            if (!PersistentWorkers) Dispose();
        }
        EndPass(source);
    }

    /// <summary>The tensors of a batch, in the memory of the open scope.</summary>
    /// <param name="rows">What <see cref="Batches"/> gave last; without workers and streams any rows.</param>
    public Batch Load(ReadOnlyMemory<int> rows)
    {
        if (_slot is { } slot && slot.Rows.Equals(rows))
        {
            slot.Error?.Throw();
            return collator.Target is IFinishingCollator finishing ? finishing.Finish(slot.Batch.Load()) : slot.Batch.Load();
        }
        var isCurrent = _current.Dataset is not null && _current.Rows.Equals(rows);
        return collator(isCurrent ? _current.Dataset! : dataset, rows.Span);
    }

    /// <summary>Ends the workers; a later pass begins new ones.</summary>
    public void Dispose()
    {
        _prefetcher?.Dispose();
        _prefetcher = null;
    }

    private int Batched(int rows) => dropLast ? rows / batchSize : (rows + batchSize - 1) / batchSize;

    private BatchSource Begin(int skip)
    {
        if (dataset is IIterableDataset stream) return new StreamedBatches(stream, Epoch, batchSize, skip, dropLast);
        var order = Interlocked.Exchange(ref _order, null);
        if (order?.Length != sampler.Count) order = new int[sampler.Count];
        sampler.Draw(order);
        return new OrderedBatches(dataset, order, batchSize, skip, Count);
    }

    private void Note(BatchSource source)
    {
        if (source is StreamedBatches streamed) RowsSeen = streamed.RowsSeen;
    }

    private void EndPass(BatchSource source)
    {
        _current = default;
        if (source is OrderedBatches ordered) _order = ordered.Order;
    }

    private Batch Prepare(IDataset rowsOf, ReadOnlyMemory<int> rows) => collator.Target is IFinishingCollator finishing
        ? finishing.Prepare(rowsOf, rows.Span)
        : collator(rowsOf, rows.Span);
}
