using System.Text.Json;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Support;

/// <summary>Numbers and folders that Hugging Face made, copied beside the tests.</summary>
internal static class ModelGoldens
{
    public static string Path(params string[] parts) => System.IO.Path.Combine([AppContext.BaseDirectory, "Goldens", .. parts]);

    public static string Model(string name) => Path("models", name);

    public static JsonElement Json(params string[] parts)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path(parts)));
        return document.RootElement.Clone();
    }

    public static Gpt2LMHeadModel Gpt2(string name = "gpt2-tiny", DType dtype = DType.Float32) =>
        (Gpt2LMHeadModel)AutoModel.FromPretrained(
            Model(name), AutoModel.CausalLanguageModel, dtype: dtype, warn: message => Assert.Fail(message));

    public static PreTrainedModel Generator(string name) => AutoModel.FromPretrained(
        Model(name), name.StartsWith("t5", StringComparison.Ordinal) ? AutoModel.Seq2Seq : AutoModel.CausalLanguageModel,
        warn: message => Assert.Fail(message));

    public static Tensor Ids(JsonElement rows)
    {
        var lines = rows.EnumerateArray().Select(row => row.EnumerateArray().Select(id => id.GetInt64()).ToArray()).ToArray();
        return Tensor.From(lines.SelectMany(line => line).ToArray(), [lines.Length, lines[0].Length]);
    }
}
