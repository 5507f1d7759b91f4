namespace NativeTrainer.Data;

/// <summary>A stream in another order: files shuffled, rows by a buffer. Draws what <c>datasets</c> draws from NumPy's generator.</summary>
internal sealed class ShuffledStream : IIterableDataset
{
    private const int Drawn = 1000; // places that are drawn at a time; what is left of them at the end is gone

    private readonly IIterableDataset _stream;
    private readonly long _seed;
    private readonly int _bufferSize;

    public ShuffledStream(IIterableDataset stream, long seed, int bufferSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferSize, 1);
        (_stream, _seed, _bufferSize) = (stream, seed, bufferSize);
    }

    public long? Length => _stream.Length;

    public IReadOnlyList<string> Columns => _stream.Columns;

    public IEnumerable<DataRow> Rows(long epoch = 0)
    {
        var generator = Generator(epoch);
        var buffer = new List<DataRow>(Math.Min(_bufferSize, 1 << 16));
        var (places, next) = (new int[Drawn], Drawn);
        foreach (var row in StreamOperations.RowsOf(_stream, epoch, Generator(epoch)))
        {
            if (buffer.Count < _bufferSize)
            {
                buffer.Add(row);
                continue;
            }
            if (next == Drawn)
            {
                for (var i = 0; i < Drawn; i++) places[i] = (int)generator.Integer(_bufferSize);
                next = 0;
            }
            var place = places[next++];
            yield return buffer[place];
            buffer[place] = row;
        }
        generator.Shuffle(buffer);
        foreach (var row in buffer) yield return row;
    }

    private NumpyGenerator Generator(long epoch)
    {
        if (epoch == 0) return new NumpyGenerator((ulong)_seed);
        var seed = (long)(new NumpyGenerator((ulong)_seed).NextUInt64() >> 1) - epoch; // integers(0, 1 << 63)
        return new NumpyGenerator((ulong)(seed < 0 ? seed + long.MaxValue + 1 : seed));
    }
}
