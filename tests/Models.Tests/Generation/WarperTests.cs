using System.Text.Json;
using NativeTrainer.Models.Tests.Support;

namespace NativeTrainer.Models.Tests.Generation;

/// <summary>Temperature, top-k and top-p change scores as Hugging Face's warpers do.</summary>
public class WarperTests
{
    private static readonly JsonElement Golden = ModelGoldens.Json("generation", "processors.json");

    private static IEnumerable<TestCaseData> Cases => Golden.GetProperty("alone").EnumerateArray()
        .Where(entry => entry.GetProperty("processor").GetString() is "TemperatureLogitsWarper" or "TopKLogitsWarper" or "TopPLogitsWarper")
        .Select(entry => new TestCaseData(entry).SetArgDisplayNames(
            $"{entry.GetProperty("processor")} {entry.GetProperty("arguments")} {entry.GetProperty("logits")}"));

    [TestCaseSource(nameof(Cases))]
    public void ScoresAreHuggingFaces(JsonElement golden)
    {
        var arguments = golden.GetProperty("arguments");
        double Argument(string name, double otherwise = double.NaN) =>
            arguments.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
        var keep = (int)Argument("min_tokens_to_keep", 1);
        LogitsProcessor warper = golden.GetProperty("processor").GetString() switch
        {
            "TemperatureLogitsWarper" => new TemperatureWarper(Argument("temperature")),
            "TopKLogitsWarper" => new TopKWarper((int)Argument("top_k"), keep),
            _ => new TopPWarper(Argument("top_p"), keep),
        };
        var rows = Golden.GetProperty("logits").GetProperty(golden.GetProperty("logits").GetString()!);
        for (var row = 0; row < rows.GetArrayLength(); row++)
        {
            var scores = Numbers(rows[row]);
            warper.Process(row, [], scores);
            Assert.That(scores, Is.EqualTo(Numbers(golden.GetProperty("output")[row])), $"row {row}");
        }
    }

    [Test]
    public void ManyRandomScores([Values(1, 2, 7, 64, 999)] int k)
    {
        var random = new Random(k);
        var scores = Enumerable.Range(0, 1000).Select(_ => (float)random.Next(200)).ToArray();
        var limit = scores.OrderDescending().ElementAt(k - 1);
        var expected = scores.Select(score => score < limit ? float.NegativeInfinity : score).ToArray();
        new TopKWarper(k).Process(0, [], scores);
        Assert.That(scores, Is.EqualTo(expected));
    }

    private static float[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Number
        ? value.GetSingle()
        : value.GetString() switch { "Infinity" => float.PositiveInfinity, "-Infinity" => float.NegativeInfinity, _ => float.NaN })];
}
