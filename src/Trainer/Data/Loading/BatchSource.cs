namespace NativeTrainer.Data;

/// <summary>The rows of one batch: some rows of a data set.</summary>
/// <param name="Dataset">The data set; of a stream the rows of this batch alone.</param>
/// <param name="Rows">Their numbers in it.</param>
internal readonly record struct BatchRows(IDataset Dataset, ReadOnlyMemory<int> Rows);

/// <summary>Cuts a pass into batches, one after another; one thread at a time asks.</summary>
internal abstract class BatchSource : IDisposable
{
    /// <summary>The next batch; false at the end of the pass.</summary>
    public abstract bool Next(out BatchRows batch);

    public virtual void Dispose()
    {
    }
}

/// <summary>Batches of a drawn order.</summary>
internal sealed class OrderedBatches(IDataset dataset, int[] order, int batchSize, int skip, int count) : BatchSource
{
    private int _batch = skip;

    /// <summary>The order, to be used again.</summary>
    public int[] Order => order;

    public override bool Next(out BatchRows batch)
    {
        if (_batch >= count)
        {
            batch = default;
            return false;
        }
        var start = _batch++ * batchSize;
        batch = new(dataset, order.AsMemory(start, Math.Min(batchSize, order.Length - start)));
        return true;
    }
}

/// <summary>Batches of a stream's rows as they come.</summary>
internal sealed class StreamedBatches(IIterableDataset stream, long epoch, int batchSize, int skip, bool dropLast) : BatchSource
{
    private readonly IEnumerator<DataRow> _rows = stream.Rows(epoch).GetEnumerator();
    private readonly int[] _numbers = [.. Enumerable.Range(0, batchSize)];
    private int _left = skip;
    private bool _hasEnded;

    /// <summary>Rows that were given out.</summary>
    public long RowsSeen { get; private set; }

    public override bool Next(out BatchRows batch)
    {
        batch = default;
        while (!_hasEnded)
        {
            var buffer = new RowBuffer(batchSize);
            while (buffer.Count < batchSize && _rows.MoveNext()) buffer.Add(_rows.Current);
            _hasEnded = buffer.Count < batchSize;
            if (buffer.Count == 0 || (_hasEnded && dropLast)) return false;
            RowsSeen += buffer.Count;
            if (_left-- > 0) continue;
            batch = new(buffer, _numbers.AsMemory(0, buffer.Count));
            return true;
        }
        return false;
    }

    public override void Dispose() => _rows.Dispose();
}
