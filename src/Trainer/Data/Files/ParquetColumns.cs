using Parquet;
using Parquet.Schema;

namespace NativeTrainer.Data;

/// <summary>Columns of a Parquet file's row groups as lists of features.</summary>
internal sealed class ParquetColumns : IDisposable
{
    private readonly string _file;
    private readonly ParquetReader _reader;

    /// <summary>Reads the file's end, where its schema stands.</summary>
    /// <exception cref="InvalidDataException">It is no Parquet file.</exception>
    public ParquetColumns(string file, Stream stream)
    {
        _file = file;
        try
        {
            _reader = ParquetReader.CreateAsync(stream, new ParquetOptions(), leaveStreamOpen: true, CancellationToken.None)
                .GetAwaiter().GetResult();
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw new InvalidDataException($"{file}: is no Parquet file: {broken.Message}", broken);
        }
    }

    public ParquetSchema Schema => _reader.Schema;

    public int GroupCount => _reader.RowGroupCount;

    /// <summary>Whether a column can be read: numbers, truth values, texts, lists of numbers or texts.</summary>
    public static bool Reads(DataField field) => field.MaxRepetitionLevel switch
    {
        0 => IsWhole(field.ClrType) || IsReal(field.ClrType) || IsText(field.ClrType) || field.ClrType == typeof(bool),
        1 => IsWhole(field.ClrType) || IsReal(field.ClrType) || IsText(field.ClrType),
        _ => false,
    };

    /// <summary>What a column holds, in words.</summary>
    public static string Spell(DataField field) =>
        (field.MaxRepetitionLevel switch { 0 => "", 1 => "lists of ", _ => "lists of lists of " }) + field.ClrType.Name;

    /// <summary>The values of some columns in a row group, and how many rows it has.</summary>
    /// <param name="index">The row group.</param>
    /// <param name="fields">The columns.</param>
    /// <param name="firstRow">The number of its first row in the file, for messages.</param>
    public (Feature[][] Columns, int Count) ReadGroup(int index, DataField[] fields, long firstRow)
    {
        try
        {
            using var group = _reader.OpenRowGroupReader(index);
            var count = checked((int)group.RowCount);
            var columns = new Feature[fields.Length][];
            for (var i = 0; i < fields.Length; i++) columns[i] = Column(group, fields[i], count, firstRow);
            return (columns, count);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw new InvalidDataException($"{_file}: row group {index} cannot be read: {broken.Message}", broken);
        }
    }

    public void Dispose() => _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static bool IsBroken(Exception exception) =>
        exception is not (InvalidDataException or OutOfMemoryException);

    private static bool IsWhole(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(sbyte)
        || type == typeof(byte) || type == typeof(ushort) || type == typeof(uint);

    private static bool IsReal(Type type) => type == typeof(float) || type == typeof(double);

    private static bool IsText(Type type) => type == typeof(ReadOnlyMemory<char>) || type == typeof(string);

    private Feature[] Column(ParquetRowGroupReader group, DataField field, int count, long firstRow)
    {
        var type = field.ClrType;
        if (type == typeof(int)) return Wholes<int>(group, field, count, firstRow, value => value);
        if (type == typeof(long)) return Wholes<long>(group, field, count, firstRow, value => value);
        if (type == typeof(short)) return Wholes<short>(group, field, count, firstRow, value => value);
        if (type == typeof(sbyte)) return Wholes<sbyte>(group, field, count, firstRow, value => value);
        if (type == typeof(byte)) return Wholes<byte>(group, field, count, firstRow, value => value);
        if (type == typeof(ushort)) return Wholes<ushort>(group, field, count, firstRow, value => value);
        if (type == typeof(uint)) return Wholes<uint>(group, field, count, firstRow, value => value);
        if (type == typeof(float))
        {
            return Rows<float, float>(
                group, field, count, firstRow, v => Feature.Of((double)v), (v, _) => v, l => Feature.Of(l, 0, l.Length));
        }
        if (type == typeof(double))
        {
            return Rows<double, float>(
                group, field, count, firstRow, v => Feature.Of(v), (v, _) => (float)v, l => Feature.Of(l, 0, l.Length));
        }
        if (type == typeof(bool))
        {
            return Rows<bool, int>(
                group, field, count, firstRow, v => Feature.Of(v), (v, _) => v ? 1 : 0, l => Feature.Of(l, 0, l.Length));
        }
        return Rows<ReadOnlyMemory<char>, string>(
            group, field, count, firstRow, v => Feature.Of(v.ToString()), (v, _) => v.ToString(), l => Feature.Of(l, 0, l.Length));
    }

    private Feature[] Wholes<T>(ParquetRowGroupReader group, DataField field, int count, long firstRow, Func<T, long> widen)
        where T : unmanaged => Rows<T, int>(
            group, field, count, firstRow, v => Feature.Of(widen(v)),
            (v, row) => widen(v) is >= int.MinValue and <= int.MaxValue and var whole ? (int)whole : throw new InvalidDataException(
                $"{new RowOrigin(_file, row, 0)} has {widen(v)} in {field.Path.FirstPart}, expected numbers below 2147483648"),
            l => Feature.Of(l, 0, l.Length));

    // Definition levels say what is null, repetition levels where a row's list goes on.
    private Feature[] Rows<T, TItem>(ParquetRowGroupReader group, DataField field, int count, long firstRow,
        Func<T, Feature> single, Func<T, long, TItem> item, Func<TItem[], Feature> list)
        where T : struct
    {
        var slots = checked((int)group.GetMetadata(field)!.MetaData!.NumValues);
        var (values, definitions, repetitions) = (new T[slots], new int[slots], new int[slots]);
        var levels = field.MaxDefinitionLevel > 0 ? new Memory<int>(definitions) : (Memory<int>?)null;
        var repeats = field.MaxRepetitionLevel > 0 ? new Memory<int>(repetitions) : (Memory<int>?)null;
        var reading = group.ReadRawAsync<T>(field, values, levels, repeats, CancellationToken.None);
        if (!reading.IsCompletedSuccessfully) reading.AsTask().GetAwaiter().GetResult();
        var (rows, at, slot) = (new Feature[count], 0, 0);
        var items = new List<TItem>();
        for (var row = 0; row < count; row++)
        {
            if (repeats is null)
            {
                if (levels is null || definitions[slot] == field.MaxDefinitionLevel) rows[row] = single(values[at++]);
                slot++;
                continue;
            }
            items.Clear();
            var isNull = definitions[slot] < field.MaxDefinitionLevel - (field.IsNullable ? 2 : 1);
            do
            {
                if (definitions[slot] == field.MaxDefinitionLevel) items.Add(item(values[at++], firstRow + row));
                else if (slot + 1 < slots && repetitions[slot + 1] > 0 || repetitions[slot] > 0)
                    throw new InvalidDataException(
                        $"{new RowOrigin(_file, firstRow + row, 0)} has a null in the list of {field.Path.FirstPart}, expected values");
                slot++;
            }
            while (slot < slots && repetitions[slot] > 0);
            if (!isNull) rows[row] = list([.. items]);
        }
        return rows;
    }
}
