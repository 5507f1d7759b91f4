using System.Text.Json;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Generation;

/// <summary>What Hugging Face's generate() returns, for every strategy and option: ids, scores and beams of the trained tiny models.</summary>
[Parallelizable(ParallelScope.All)]
public class GenerationGoldenTests
{
    private static readonly string[] Models = ["gpt2-trained-tiny", "llama-trained-tiny", "t5-trained-tiny"];

    private static IEnumerable<TestCaseData> Cases => All("cases");

    private static IEnumerable<TestCaseData> Errors => All("errors");

    [TestCaseSource(nameof(Cases))]
    public void SequencesAreHuggingFaces(string model, JsonElement inputs, JsonElement golden)
    {
        var output = Run(model, inputs, golden);
        AssertRows(output.Sequences, golden.GetProperty("sequences"));
        if (golden.TryGetProperty("sequences_scores", out var scores))
        {
            // Log probabilities near 0 are differences of logits: their rounding is that of the logits, whatever the score's size.
            var expected = scores.EnumerateArray().Select(score => score.GetDouble()).ToArray();
            Assert.That(output.SequencesScores, Has.Count.EqualTo(expected.Length));
            foreach (var (found, score) in output.SequencesScores!.Zip(expected))
            {
                Assert.That(found, Is.EqualTo(score).Within(1e-6 + 1e-5 * Math.Abs(score)));
            }
        }

        // Drawn beams may be twins, whose scores differ by rounding alone or not at all: which of them comes first is then nobody's rule.
        var hasTwins = model == "t5-trained-tiny" && golden.GetProperty("mode").GetString() == "beam_sample";
        if (golden.TryGetProperty("beam_indices", out var beams) && !hasTwins)
        {
            var rows = beams.EnumerateArray().Select(row => row.EnumerateArray().Select(id => id.GetInt32()));
            Assert.That(Text(output.BeamIndices!), Is.EqualTo(Text(rows)));
        }
        if (golden.TryGetProperty("top5", out var top)) AssertTop(output, top);
    }

    [TestCaseSource(nameof(Errors))]
    public void WhatHuggingFaceRefusesIsRefused(string model, JsonElement inputs, JsonElement golden)
    {
        var named = golden.GetProperty("kwargs").EnumerateObject().Select(option => option.Name);
        Assert.That(() => Run(model, inputs, golden), Throws.TypeOf<ConfigurationException>().With.Message.Matches(string.Join("|", named)));
    }

    [Test]
    public void EveryStrategyIsThere() =>
        Assert.That(
            Cases.Select(entry => ((JsonElement)entry.Arguments[2]!).GetProperty("mode").GetString()).Distinct(),
            Is.EquivalentTo(new[] { "greedy_search", "sample", "beam_search", "beam_sample", "group_beam_search", "contrastive_search" }));

    private static IEnumerable<TestCaseData> All(string list)
    {
        foreach (var model in Models)
        {
            var golden = ModelGoldens.Json("generation", model + ".json");
            foreach (var entry in golden.GetProperty(list).EnumerateArray())
            {
                var inputs = golden.GetProperty("inputs").GetProperty(entry.GetProperty("inputs").GetString()!);
                var mode = entry.TryGetProperty("mode", out var name) ? name.GetString() + ", " : "";
                yield return new TestCaseData(model, inputs, entry).SetArgDisplayNames($"{model}, {mode}{entry.GetProperty("name").GetString()}");
            }
        }
    }

    private static GenerateOutput Run(string name, JsonElement inputs, JsonElement golden)
    {
        var model = ModelGoldens.Generator(name);
        var options = (IReadOnlyDictionary<string, object?>)PythonJson.Read(golden.GetProperty("kwargs").GetRawText())!;
        var config = model.GenerationConfig!.With(options);
        (config.OutputScores, config.ReturnDictInGenerate) = (true, true);
        if (golden.TryGetProperty("seed", out var seed)) TorchGenerator.Default.Seed(seed.GetUInt64());
        return model.Generate(
            new GenerateInputs(ModelGoldens.Ids(inputs.GetProperty("input_ids")))
            {
                AttentionMask = inputs.TryGetProperty("attention_mask", out var mask) ? ModelGoldens.Ids(mask) : null,
                DecoderInputIds = inputs.TryGetProperty("decoder_input_ids", out var ids) ? ModelGoldens.Ids(ids) : null,
            },
            config);
    }

    private static void AssertRows(Tensor found, JsonElement expected)
    {
        var wanted = ModelGoldens.Ids(expected);
        Assert.That(Text(Lines(found)), Is.EqualTo(Text(Lines(wanted))));

        static IEnumerable<long[]> Lines(Tensor rows) => rows.ToArray<long>().Chunk((int)rows.Size(1));
    }

    // Per step and row: the five best ids with their scores.
    private static void AssertTop(GenerateOutput output, JsonElement golden)
    {
        Assert.That(output.Scores, Has.Count.EqualTo(golden.GetArrayLength()));
        for (var step = 0; step < output.Scores!.Count; step++)
        {
            var rows = golden[step];
            var vocabulary = output.Scores[step].Length / rows.GetArrayLength();
            for (var row = 0; row < rows.GetArrayLength(); row++)
            {
                var scores = output.Scores[step].AsSpan(row * vocabulary, vocabulary).ToArray();
                var (ids, values) = (rows[row][0], rows[row][1]);
                for (var i = 0; i < ids.GetArrayLength(); i++)
                {
                    var (score, wanted) = (scores[ids[i].GetInt32()], (float)Number(values[i]));
                    if (!float.IsFinite(wanted)) Assert.That(score, Is.EqualTo(wanted), $"step {step}, row {row}, id {ids[i]}");
                    else Assert.That(score, Is.EqualTo(wanted).Within(2e-4 * Math.Max(1, Math.Abs(wanted))), $"step {step}, row {row}, id {ids[i]}");
                }
            }
        }
    }

    private static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Number
        ? value.GetDouble()
        : value.GetString() switch { "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => double.NaN };

    private static string Text<T>(IEnumerable<IEnumerable<T>> rows) => string.Join('\n', rows.Select(row => string.Join(' ', row)));
}
