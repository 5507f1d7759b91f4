using System.Text.Json;
using NativeTrainer.Tensors;

namespace NativeTrainer.Cli.Commands;

/// <summary>Writes <c>predictions.jsonl</c>: a row of the test file each, its logits in nested lists.</summary>
internal static class PredictionsFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "predictions.jsonl";

    /// <summary>Writes the file; it is whole or absent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="predictions">What the model gave, [rows, …] each; the first are the logits.</param>
    public static void Write(string path, IReadOnlyList<Tensor> predictions) => AtomicFile.Write(path, stream =>
    {
        if (predictions.Count == 0) return;
        var logits = predictions[0];
        var rowLength = checked((int)(logits.Size(0) == 0 ? 0 : logits.ElementCount / logits.Size(0)));
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { SkipValidation = true });
        for (var row = 0L; row < logits.Size(0); row++)
        {
            json.WriteStartObject();
            json.WritePropertyName("logits");
            WriteNested(json, Row(logits, row, rowLength), logits.Shape, axis: 1);
            json.WriteEndObject();
            json.Flush();
            json.Reset();
            stream.WriteByte((byte)'\n');
        }
    });

    private static unsafe ReadOnlySpan<float> Row(Tensor logits, long row, int length) =>
        new((float*)logits.Address + row * length, length);

    private static void WriteNested(Utf8JsonWriter json, ReadOnlySpan<float> values, Shape shape, int axis)
    {
        if (axis == shape.Rank)
        {
            // JSON has no word for these; Python reads and writes them like this.
            var value = values[0];
            if (float.IsFinite(value)) json.WriteNumberValue(value);
            else json.WriteRawValue(float.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity", skipInputValidation: true);
            return;
        }
        json.WriteStartArray();
        var size = values.Length == 0 ? 0 : values.Length / (int)shape[axis];
        for (var i = 0; i < shape[axis]; i++) WriteNested(json, values.Slice(i * size, size), shape, axis + 1);
        json.WriteEndArray();
    }
}
