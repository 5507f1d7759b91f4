using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Memory;

namespace NativeTrainer.Data;

/// <summary>
/// Apache Arrow's files and streams (https://arrow.apache.org/docs/format/Columnar.html), those of <c>datasets.save_to_disk</c> too, and
/// Feather version 2. Record batches are read one after another.
/// </summary>
internal sealed class ArrowFormat : RowFormat
{
    public override IEnumerable<DataRow> Read(string file, FileRowsOptions options)
    {
        using var content = FileContent.Open(file);
        using var stream = content.CanSeek ? content : Unpacked(content);
        using var reader = Open(file, stream);
        var (row, wanted, names) = (0L, (ArrowColumn[]?)null, System.Array.Empty<string>());
        while (Next(file, reader) is { } batch)
        {
            using (batch)
            {
                if (wanted is null)
                {
                    var all = ArrowColumn.All(batch.Schema);
                    CheckColumns(file, [.. all.Select(column => column.Name)], options);
                    wanted = [.. all.Where(column => options.Wants(column.Name))];
                    if (options.Columns is not null && wanted.FirstOrDefault(column => !column.IsRead) is { } wrong)
                    {
                        throw new InvalidDataException($"{file}: the column {wrong.Name} holds {wrong.Type.Name}, "
                            + "expected numbers, texts, or lists of them");
                    }
                    wanted = [.. wanted.Where(column => column.IsRead)];
                    names = [.. wanted.Select(column => options.NameOf(column.Name))];
                }
                var columns = new IArrowArray[wanted.Length];
                for (var c = 0; c < columns.Length; c++) columns[c] = wanted[c].ArrayOf(batch);
                for (var i = 0; i < batch.Length; i++, row++)
                {
                    var (values, origin) = (new Feature[names.Length], new RowOrigin(file, row, 0));
                    for (var c = 0; c < values.Length; c++) values[c] = wanted[c].Value(columns[c], i, origin);
                    yield return new DataRow(names, values) { Origin = origin };
                }
            }
        }
        if (row == 0) throw new InvalidDataException($"{file}: has no rows");
    }

    private static MemoryStream Unpacked(Stream content)
    {
        var memory = new MemoryStream();
        content.CopyTo(memory);
        memory.Position = 0;
        return memory;
    }

    private static ArrowStreamReader Open(string file, Stream stream)
    {
        Span<byte> magic = stackalloc byte[6];
        var length = stream.ReadAtLeast(magic, 6, throwOnEndOfStream: false);
        stream.Position = 0;
        if (length == 0) throw new InvalidDataException($"{file}: is empty, expected an Arrow file or stream");
        try
        {
            return magic.SequenceEqual("ARROW1"u8)
                ? new ArrowFileReader(stream, MemoryAllocator.Default.Value, new CompressionCodecFactory(), leaveOpen: true)
                : new ArrowStreamReader(stream, MemoryAllocator.Default.Value, new CompressionCodecFactory(), leaveOpen: true);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            throw new InvalidDataException($"{file}: is no Arrow file or stream: {broken.Message}", broken);
        }
    }

    private static RecordBatch? Next(string file, ArrowStreamReader reader)
    {
        try
        {
            return reader.ReadNextRecordBatch();
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            throw new InvalidDataException($"{file}: is no Arrow file or stream, or a broken one: {broken.Message}", broken);
        }
    }
}
