using System.Collections.Concurrent;
using System.Text.Json;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Support;

/// <summary>
/// The goldens of one operation: the cases (<c>Goldens/ops/x.json</c>) and their tensors (<c>x.safetensors</c>), read once.
/// </summary>
internal sealed class GoldenFile
{
    private static readonly ConcurrentDictionary<string, Lazy<GoldenFile>> _files = new();

    private readonly Lazy<(byte[] Bytes, JsonElement Header, int Start)> _tensors;

    private GoldenFile(string operation)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Goldens", "ops", operation);
        using var document = JsonDocument.Parse(File.ReadAllBytes(path + ".json"));
        Cases = document.RootElement.GetProperty("cases").Clone();
        _tensors = new(() => Read(path + ".safetensors"));
    }

    /// <summary>All cases, in the order of the file.</summary>
    public JsonElement Cases { get; }

    public static GoldenFile Of(string operation) => _files.GetOrAdd(operation, name => new(() => new GoldenFile(name))).Value;

    public bool Has(string name) => _tensors.Value.Header.TryGetProperty(name, out _);

    /// <summary>A fresh copy of a tensor, in the dtype of the file.</summary>
    public unsafe Tensor Get(string name)
    {
        var (bytes, header, start) = _tensors.Value;
        var entry = header.GetProperty(name);
        var shape = new Shape(entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray());
        var offsets = entry.GetProperty("data_offsets");
        var tensor = Tensor.Empty(shape, DTypeOf(entry.GetProperty("dtype").GetString()!));
        var data = bytes.AsSpan(start + offsets[0].GetInt32(), offsets[1].GetInt32() - offsets[0].GetInt32());
        data.CopyTo(new Span<byte>((void*)tensor.Address, data.Length));
        return tensor;
    }

    private static (byte[] Bytes, JsonElement Header, int Start) Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var length = (int)BitConverter.ToInt64(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        return (bytes, header.RootElement.Clone(), 8 + length);
    }

    private static DType DTypeOf(string name) => name switch
    {
        "F64" => DType.Float64,
        "F32" => DType.Float32,
        "F16" => DType.Float16,
        "BF16" => DType.BFloat16,
        "I64" => DType.Int64,
        "I32" => DType.Int32,
        "I16" => DType.Int16,
        "U8" => DType.UInt8,
        "BOOL" => DType.Bool,
        _ => throw new NotSupportedException($"goldens with dtype {name}"),
    };
}
