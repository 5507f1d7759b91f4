using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NativeTrainer.Tensors;

/// <summary>Writes safetensors files, whole or not at all, byte for byte as the Rust library does: the widest
/// dtypes first, then sorted by name.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;
    private const int Chunk = 1 << 30;

    private static readonly JsonWriterOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What Hugging Face's loaders ask for: <c>format</c> is <c>pt</c>.</summary>
    public static IReadOnlyDictionary<string, string> PyTorchMetadata { get; } = new Dictionary<string, string> { ["format"] = "pt" };

    /// <summary>Writes a file.</summary>
    /// <param name="path">Where to; an older file is replaced when the new one is whole.</param>
    /// <param name="tensors">Contiguous and in the processor's memory; of any dtype.</param>
    /// <param name="metadata">Free texts; <see cref="PyTorchMetadata"/> where null.</param>
    /// <exception cref="ArgumentException">A name comes twice, or a tensor is not contiguous or on another device.</exception>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var sorted = tensors.OrderBy(pair => SafetensorsDType.Order(pair.Value.DType))
            .ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var names = new HashSet<string>();
        foreach (var (name, tensor) in sorted)
        {
            if (!names.Add(name)) throw new ArgumentException($"{path}: two tensors are named '{name}'", nameof(tensors));
            if (tensor.Device.Type != DeviceType.Cpu || !tensor.IsContiguous)
            {
                throw new ArgumentException($"{path}: tensor '{name}' ({tensor}) is to be contiguous and on the cpu", nameof(tensors));
            }
        }
        var header = Header(sorted, metadata ?? PyTorchMetadata);
        if (header.Length > SafetensorsHeader.MaxLength)
        {
            throw new ArgumentException($"{path}: a header of {header.Length} bytes is longer than the format allows");
        }
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, tensor) in sorted) WriteBytes(stream, tensor);
        });
    }

    private static byte[] Header(List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, _json))
        {
            writer.WriteStartObject();
            if (metadata.Count > 0)
            {
                writer.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata) writer.WriteString(key, value);
                writer.WriteEndObject();
            }
            var at = 0L;
            foreach (var (name, tensor) in tensors)
            {
                writer.WriteStartObject(name);
                writer.WriteString("dtype", SafetensorsDType.Name(tensor.DType));
                writer.WriteStartArray("shape");
                foreach (var size in tensor.Shape.Sizes) writer.WriteNumberValue(size);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(at);
                writer.WriteNumberValue(at += tensor.ElementCount * tensor.DType.ByteSize);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        var padding = (Alignment - (buffer.WrittenCount % Alignment)) % Alignment;
        buffer.GetSpan(Alignment)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan.ToArray();
    }

    private static unsafe void WriteBytes(Stream stream, Tensor tensor)
    {
        var length = tensor.ElementCount * tensor.DType.ByteSize;
        for (var at = 0L; at < length; at += Chunk)
        {
            stream.Write(new ReadOnlySpan<byte>((void*)(tensor.Address + (nint)at), (int)Math.Min(length - at, Chunk)));
        }
        GC.KeepAlive(tensor.Storage);
    }
}
