using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace NativeTrainer.Tensors;

/// <summary>The header of a safetensors file: 8 bytes of length, then JSON that says where each tensor's bytes are.</summary>
/// <remarks>Whatever the format forbids is an error that names the file and the tensor, so that a header that
/// was read can be relied upon.</remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>The longest header that the format allows, in bytes.</summary>
    public const long MaxLength = 100_000_000;

    private const string MetadataKey = "__metadata__";

    private readonly string _file;
    private readonly List<SafetensorsEntry> _entries = [];
    private readonly Dictionary<string, string> _metadata = [];

    private SafetensorsHeader(string file) => _file = file;

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => _entries;

    /// <summary>Free texts (<c>format</c>: <c>pt</c>).</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Where the tensors' bytes begin in the file.</summary>
    public long DataStart { get; private set; }

    /// <summary>Reads and checks a header.</summary>
    /// <param name="file">The file's name, for errors.</param>
    /// <param name="start">The bytes of the file, all of them or at least those of the header.</param>
    /// <param name="length">How long the file is.</param>
    public static SafetensorsHeader Read(string file, ReadOnlySpan<byte> start, long length)
    {
        var header = new SafetensorsHeader(file);
        if (length < 8) throw header.Wrong($"has {length} bytes; a safetensors file begins with 8 bytes of header length");
        var size = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (size > MaxLength)
        {
            throw header.Wrong(
                $"says that its header has {size} bytes, expected at most {MaxLength}; it is not a safetensors file, or damaged");
        }
        if (size > (ulong)(length - 8))
        {
            throw header.Wrong($"says that its header has {size} bytes, but only {length - 8} follow; it is truncated");
        }
        var json = start.Slice(8, (int)size);
        if (!Utf8.IsValid(json)) throw header.Wrong("has a header that is not UTF-8");
        if (json.IsEmpty) throw header.Wrong("has an empty header, expected JSON");
        if (json[0] != '{') throw header.Wrong($"has a header that begins with byte 0x{json[0]:X2}, expected '{{'");
        header.DataStart = 8 + (long)size;
        try
        {
            header.ReadJson(json);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException) // the second: half a surrogate pair
        {
            throw new SafetensorsException(file, null, $"has a header that is no JSON: {broken.Message}", broken);
        }
        header.CheckOffsets(length - header.DataStart);
        return header;
    }

    private SafetensorsException Wrong(string problem, string? tensor = null) => new(_file, tensor, problem);

    private void ReadJson(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var names = new HashSet<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!names.Add(name)) throw Wrong("is named twice in the header", name);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Wrong($"is described by {Found(ref reader)}, expected an object", name);
            }
            if (name == MetadataKey) ReadMetadata(ref reader);
            else _entries.Add(ReadEntry(ref reader, name));
        }
        reader.Read(); // throws where something follows
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw Wrong($"has {Found(ref reader)} for '{key}' in its {MetadataKey}, expected a text");
            }
            if (!_metadata.TryAdd(key, reader.GetString()!)) throw Wrong($"has '{key}' twice in its {MetadataKey}");
        }
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        string? dtypeName = null;
        List<long>? sizes = null, offsets = null;
        var keys = new HashSet<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            if (!keys.Add(key)) throw Wrong($"has '{key}' twice", name);
            reader.Read();
            if (key == "dtype" && reader.TokenType == JsonTokenType.String) dtypeName = reader.GetString();
            else if (key == "dtype") throw Wrong($"has the dtype {Found(ref reader)}, expected a text", name);
            else if (key == "shape") sizes = ReadNumbers(ref reader, name, key);
            else if (key == "data_offsets") offsets = ReadNumbers(ref reader, name, key);
            else reader.Skip();
        }
        if (dtypeName is null) throw Wrong("has no dtype", name);
        if (sizes is null) throw Wrong("has no shape", name);
        if (offsets is not [var begin, var end]) throw Wrong($"has {offsets?.Count ?? 0} data_offsets, expected 2", name);
        if (!SafetensorsDType.TryParse(dtypeName, out var dtype))
        {
            throw Wrong($"has the dtype '{dtypeName}', expected one of {SafetensorsDType.All}", name);
        }
        return new SafetensorsEntry(name, dtype, CheckedShape(name, sizes), begin, end);
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string key)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Wrong($"has {Found(ref reader)} for {key}, expected a list", name);
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
            {
                throw Wrong($"has {Found(ref reader)} in its {key}, expected whole numbers from 0 to 2^63 - 1", name);
            }
            numbers.Add(number);
        }
        return numbers;
    }

    private Shape CheckedShape(string name, List<long> sizes)
    {
        try
        {
            return new Shape([.. sizes]);
        }
        catch (ArgumentException refused)
        {
            throw new SafetensorsException(_file, name, $"has a shape that is refused: {refused.Message}", refused);
        }
    }

    // The bytes of the tensors follow one another, from the end of the header to the end of the file.
    private void CheckOffsets(long dataLength)
    {
        _entries.Sort((left, right) =>
        {
            var order = (left.Begin, left.End).CompareTo((right.Begin, right.End));
            return order != 0 ? order : string.CompareOrdinal(left.Name, right.Name);
        });
        var (next, before) = (0L, "");
        foreach (var entry in _entries)
        {
            var (name, length) = (entry.Name, entry.End - entry.Begin);
            var needed = entry.Shape.ElementCount * entry.DType.ByteSize;
            if (entry.End < entry.Begin) throw Wrong($"ends before it begins: data_offsets [{entry.Begin}, {entry.End}]", name);
            if (length != needed)
            {
                throw Wrong($"has {length} bytes, but {SafetensorsDType.Name(entry.DType)} {entry.Shape} needs {needed}", name);
            }
            if (entry.Begin < next) throw Wrong($"begins at byte {entry.Begin} and overlaps '{before}', which ends at {next}", name);
            if (entry.Begin > next) throw Wrong($"begins at byte {entry.Begin}, which leaves a hole after byte {next}", name);
            if (entry.End > dataLength)
            {
                throw Wrong($"ends at byte {entry.End} of the data, but the file has only {dataLength}; it is truncated", name);
            }
            (next, before) = (entry.End, name);
        }
        if (next != dataLength) throw Wrong($"has {dataLength} bytes of data, but its tensors end at byte {next}");
    }

    private static string Found(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"\"{reader.GetString()}\"",
        JsonTokenType.Null => "null",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
    };
}
