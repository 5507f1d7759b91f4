namespace NativeTrainer.Data;

/// <summary>Streams made of streams: what <c>datasets.IterableDataset</c> calls take, skip, map, filter and shuffle.</summary>
public static class StreamOperations
{
    extension(IIterableDataset stream)
    {
        /// <summary>The first rows of each pass.</summary>
        public IIterableDataset Take(long count) => new Stream(
            stream.Columns, stream.Length is { } length ? Math.Min(length, count) : null,
            (epoch, _) => First(stream.Rows(epoch), count));

        /// <summary>All but the first rows of each pass.</summary>
        public IIterableDataset Skip(long count) => new Stream(
            stream.Columns, stream.Length is { } length ? Math.Max(length - count, 0) : null,
            (epoch, _) => Rest(stream.Rows(epoch), count));

        /// <summary>Another row for each row.</summary>
        /// <param name="make">Makes it; runs on the thread that reads, one row at a time.</param>
        /// <param name="columns">The names of the new rows' columns; those of the old ones where null.</param>
        public IIterableDataset Map(Func<DataRow, DataRow> make, IReadOnlyList<string>? columns = null) =>
            new Stream(columns ?? stream.Columns, stream.Length, (epoch, shuffle) => RowsOf(stream, epoch, shuffle).Select(make));

        /// <summary>Any number of rows for the rows of each pass: cutting, joining, packing.</summary>
        /// <param name="make">Makes the new rows of a pass.</param>
        /// <param name="columns">The names of the new rows' columns.</param>
        public IIterableDataset MapMany(Func<IEnumerable<DataRow>, IEnumerable<DataRow>> make, IReadOnlyList<string> columns) =>
            new Stream(columns, null, (epoch, shuffle) => make(RowsOf(stream, epoch, shuffle)));

        /// <summary>The rows that a condition holds for.</summary>
        public IIterableDataset Filter(Func<DataRow, bool> condition) =>
            new Stream(stream.Columns, null, (epoch, shuffle) => RowsOf(stream, epoch, shuffle).Where(condition));

        /// <summary>
        /// Rows in an order that is drawn anew for each pass, as <c>datasets.IterableDataset.shuffle</c> draws it: files in any order, and
        /// of a buffer of rows any one, whose place the next row takes.
        /// </summary>
        /// <param name="seed">The first pass's order; with the number of the pass those of the others.</param>
        /// <param name="bufferSize">Rows in memory: from 1 (no shuffling but of files) to all.</param>
        public IIterableDataset Shuffle(long seed, int bufferSize = 1000) => new ShuffledStream(stream, seed, bufferSize);
    }

    /// <summary>The rows of a pass; files in the order that a generator gives, where the rows come from files.</summary>
    internal static IEnumerable<DataRow> RowsOf(IIterableDataset stream, long epoch, NumpyGenerator? shuffle) =>
        stream is IFileStream files ? files.Rows(epoch, shuffle) : stream.Rows(epoch);

    private static IEnumerable<DataRow> First(IEnumerable<DataRow> rows, long count)
    {
        if (count <= 0) yield break;
        foreach (var row in rows)
        {
            yield return row;
            if (--count == 0) yield break; // without reading one row more
        }
    }

    private static IEnumerable<DataRow> Rest(IEnumerable<DataRow> rows, long count)
    {
        foreach (var row in rows)
        {
            if (count-- > 0) continue;
            yield return row;
        }
    }

    private sealed class Stream(
        IReadOnlyList<string> columns, long? length, Func<long, NumpyGenerator?, IEnumerable<DataRow>> rows) : IIterableDataset, IFileStream
    {
        public long? Length => length;

        public IReadOnlyList<string> Columns => columns;

        public IEnumerable<DataRow> Rows(long epoch = 0) => rows(epoch, null);

        public IEnumerable<DataRow> Rows(long epoch, NumpyGenerator? shuffle) => rows(epoch, shuffle);
    }
}

/// <summary>A stream that may come from several files, whose order can be shuffled.</summary>
internal interface IFileStream : IIterableDataset
{
    /// <summary>The rows of a pass.</summary>
    /// <param name="epoch">The number of the pass.</param>
    /// <param name="shuffle">Draws the order of the files; null: as they are listed.</param>
    IEnumerable<DataRow> Rows(long epoch, NumpyGenerator? shuffle);
}
