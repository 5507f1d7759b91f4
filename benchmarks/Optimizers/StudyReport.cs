using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NativeTrainer.Benchmarks.Machine;
using NativeTrainer.Tensors;

namespace NativeTrainer.Benchmarks.Optimizers;

/// <summary>Measurements as table, JSON and CSV.</summary>
internal static class StudyReport
{
    public static void Heading(TextWriter writer) => writer.WriteLine(
        $"{"optimizer",-36}{"dtype",-10}{"parameters",12}{"ns/parameter",14}{"bytes",8}{"GB/s",8}{"of limit",10}");

    public static void Line(TextWriter writer, OptimizerTime row) => writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{row.Optimizer,-36}{row.DType.TorchName,-10}{row.Parameters,12}{row.Nanoseconds,14:0.000}{row.BytesPerParameter,8:0.#}{row.BytesPerSecond / 1e9,8:0.0}{row.OfLimit,10:0.00}"));

    public static void Json(string path, IEnumerable<OptimizerTime> rows, StreamBandwidth limit)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var row in rows)
            {
                json.WriteStartObject();
                json.WriteString("name", row.Optimizer);
                json.WriteString("dtype", row.DType.TorchName);
                json.WriteNumber("parameters", row.Parameters);
                json.WriteNumber("threads", limit.Threads);
                json.WriteNumber("ns_per_parameter", row.Nanoseconds);
                json.WriteNumber("bytes_per_parameter", row.BytesPerParameter);
                json.WriteNumber("gb_per_second", row.BytesPerSecond / 1e9);
                json.WriteNumber("limit", row.Limit / 1e9);
                json.WriteNumber("of_limit", row.OfLimit);
                json.WriteString("unit", "GB/s");
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        AtomicFile.WriteAllBytes(path, buffer.WrittenSpan.ToArray());
    }

    public static void Csv(string path, IEnumerable<OptimizerTime> rows)
    {
        var text = new StringBuilder("optimizer,dtype,parameters,ns_per_parameter,bytes_per_parameter,gb_per_second,of_limit\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{row.Optimizer},{row.DType.TorchName},{row.Parameters},{row.Nanoseconds:R},{row.BytesPerParameter:R},{row.BytesPerSecond / 1e9:R},{row.OfLimit:R}\n");
        }
        AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(text.ToString()));
    }
}
