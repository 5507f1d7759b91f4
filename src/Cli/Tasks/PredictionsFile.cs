using System.Text.Json;
using NativeTrainer.Tensors;

namespace NativeTrainer.Cli.Tasks;

/// <summary>Writes <c>predictions.jsonl</c>: an object for each row of the test file.</summary>
internal static class PredictionsFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "predictions.jsonl";

    /// <summary>Writes the logits of each row in nested lists, and what a task adds.</summary>
    /// <param name="path">The file, which is whole or absent.</param>
    /// <param name="output">What the model gave, [rows, …] each; the first are the logits.</param>
    /// <param name="others">Writes the other fields of a row; null: there are none.</param>
    public static void WriteLogits(string path, PredictionOutput output, Action<Utf8JsonWriter, int>? others = null)
    {
        var rows = output.Predictions.Count == 0 ? 0 : (int)output.Predictions[0].Size(0);
        Write(path, rows, (json, row) =>
        {
            WriteRow(json, "logits", output.Predictions[0], row);
            others?.Invoke(json, row);
        });
    }

    /// <summary>Writes an object for each row.</summary>
    /// <param name="path">The file, which is whole or absent.</param>
    /// <param name="rows">How many.</param>
    /// <param name="fields">Writes the fields of a row.</param>
    public static void Write(string path, int rows, Action<Utf8JsonWriter, int> fields) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { SkipValidation = true });
        for (var row = 0; row < rows; row++)
        {
            json.WriteStartObject();
            fields(json, row);
            json.WriteEndObject();
            json.Flush();
            json.Reset();
            stream.WriteByte((byte)'\n');
        }
    });

    /// <summary>Writes a row of a tensor in nested lists.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="tensor">[rows, …] of float32.</param>
    /// <param name="row">The row.</param>
    public static unsafe void WriteRow(Utf8JsonWriter json, string name, Tensor tensor, int row)
    {
        var length = checked((int)(tensor.ElementCount / tensor.Size(0)));
        json.WritePropertyName(name);
        WriteNested(json, new ReadOnlySpan<float>((float*)tensor.Address + (long)row * length, length), tensor.Shape, axis: 1);
    }

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
