using System.Text;
using System.Text.Json;

namespace NativeTrainer.Data;

/// <summary>
/// JSON: an object in each line, or one array of objects. Objects within a row become columns with dots in their names
/// (<c>answers.text</c>). Empty lines are passed over; a column that a row lacks is null there.
/// </summary>
internal sealed class JsonFormat : RowFormat
{
    public override IEnumerable<DataRow> Read(string file, FileRowsOptions options) =>
        IsArray(file) ? JsonArray.Read(file, options) : ReadLines(file, options);

    private static IEnumerable<DataRow> ReadLines(string file, FileRowsOptions options)
    {
        var (reader, number, row) = (new JsonRowReader(options), 0L, 0L);
        var utf8 = Array.Empty<byte>();
        foreach (var line in TextLines.ReadPlain(file))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            var most = Encoding.UTF8.GetMaxByteCount(line.Length);
            if (utf8.Length < most) utf8 = new byte[most];
            yield return reader.Read(utf8.AsSpan(0, Encoding.UTF8.GetBytes(line, utf8)), new RowOrigin(file, row++, number));
        }
        if (row == 0) throw new InvalidDataException($"{file}: is empty, expected a JSON object in each line");
        reader.CheckColumns(file);
    }

    private static bool IsArray(string file)
    {
        using var stream = FileContent.Open(file);
        Span<byte> one = stackalloc byte[1];
        while (stream.Read(one) == 1)
        {
            if (one[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0xEF or 0xBB or 0xBF) continue;
            return one[0] == '[';
        }
        return false;
    }
}

/// <summary>Reads an array of objects; the file must fit in memory.</summary>
internal static class JsonArray
{
    public static IEnumerable<DataRow> Read(string file, FileRowsOptions options)
    {
        var bytes = Load(file);
        var (reader, at, row) = (new JsonRowReader(options), 0, 0L);
        while (NextObject(file, bytes, ref at, row) is { Length: > 0 } range)
        {
            yield return reader.Read(bytes.AsSpan(range.Start, range.Length), new RowOrigin(file, row++, 0));
        }
        if (row == 0) throw new InvalidDataException($"{file}: is an empty list, expected JSON objects");
        reader.CheckColumns(file);
    }

    private static byte[] Load(string file)
    {
        using var stream = FileContent.Open(file);
        using var memory = new MemoryStream();
        try
        {
            stream.CopyTo(memory);
        }
        catch (Exception tooLong) when (tooLong is IOException or OutOfMemoryException)
        {
            throw new InvalidDataException($"{file}: is too long for one JSON list, expected JSON Lines: an object in each line", tooLong);
        }
        return memory.ToArray();
    }

    // The bytes of the next object of the list; nothing at its end.
    private static (int Start, int Length) NextObject(string file, byte[] bytes, ref int at, long row)
    {
        var isFirst = at == 0;
        if (isFirst) at = bytes.AsSpan().IndexOf((byte)'[');
        var start = at + 1;
        while (start < bytes.Length && bytes[start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') start++;
        if (start < bytes.Length && bytes[start] == ']')
        {
            if (bytes.AsSpan(start + 1).IndexOfAnyExcept(" \t\r\n"u8) >= 0)
                throw new InvalidDataException($"{file}: something follows the list, expected one list of JSON objects");
            return (start, 0);
        }
        try
        {
            var json = new Utf8JsonReader(bytes.AsSpan(start));
            json.Read();
            json.Skip();
            var end = start + (int)json.BytesConsumed;
            at = end;
            while (at < bytes.Length && bytes[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') at++;
            if (at >= bytes.Length) throw new InvalidDataException($"{file}: ends in the middle of the list, after row {row}");
            if (bytes[at] == ']') at--; // is looked at again
            else if (bytes[at] != ',') throw new InvalidDataException($"{file}: has no comma after row {row}");
            return (start, end - start);
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{file}: row {row} is no JSON object: {broken.Message}", broken);
        }
    }
}
