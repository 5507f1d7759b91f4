using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NativeTrainer.Tensors;

/// <summary>The index of a model that is stored in several safetensors files
/// (<c>model.safetensors.index.json</c>): which tensor is in which file.</summary>
internal static class SafetensorsIndex
{
    private static readonly JsonWriterOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    /// <summary>Reads an index: the name of the file of each tensor, in the order of the index.</summary>
    /// <exception cref="SafetensorsException">Not such an index, or a file that is outside its folder.</exception>
    public static OrderedDictionary<string, string> Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(path, document.RootElement);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException) // the second: half a surrogate pair
        {
            throw new SafetensorsException(path, null, $"is not the index of a model: {broken.Message}", broken);
        }
    }

    /// <summary>Writes an index as Hugging Face does: sorted names, two spaces, a line's end.</summary>
    public static void Write(string path, long totalSize, IEnumerable<KeyValuePair<string, string>> files)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, _json))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("metadata");
            writer.WriteNumber("total_size", totalSize);
            writer.WriteEndObject();
            writer.WriteStartObject("weight_map");
            foreach (var (name, file) in files.OrderBy(pair => pair.Key, StringComparer.Ordinal)) writer.WriteString(name, file);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        buffer.Write("\n"u8);
        AtomicFile.WriteAllBytes(path, buffer.WrittenSpan);
    }

    private static OrderedDictionary<string, string> Read(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new SafetensorsException(path, null, "has no weight_map; an index names the file of each tensor there");
        }
        OrderedDictionary<string, string> files = [];
        foreach (var entry in map.EnumerateObject())
        {
            var file = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
            if (file.Length == 0 || file is "." or ".." || file.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
            {
                var found = entry.Value.GetRawText();
                throw new SafetensorsException(path, entry.Name, $"is in {found}, expected the name of a file beside the index");
            }
            files.Add(entry.Name, file);
        }
        return files;
    }
}
