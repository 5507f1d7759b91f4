using System.Text.Json;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Generation;

/// <summary>
/// What Hugging Face's generate() returns, for every case whose options are supported; the other cases are refused by an option's name.
/// </summary>
public class GenerationGoldenTests
{
    private static readonly JsonElement Golden = ModelGoldens.Json("generation", "gpt2-trained-tiny.json");

    private static readonly string[] Supported =
    [
        "max_length", "max_new_tokens", "do_sample", "temperature", "top_k", "top_p", "use_cache", "pad_token_id", "bos_token_id",
        "eos_token_id",
    ];

    private static IEnumerable<TestCaseData> Cases => Golden.GetProperty("cases").EnumerateArray().Where(IsSupported).Select(Named);

    private static IEnumerable<TestCaseData> OtherCases =>
        Golden.GetProperty("cases").EnumerateArray().Where(entry => !IsSupported(entry)).Select(Named);

    private static IEnumerable<TestCaseData> Errors => Golden.GetProperty("errors").EnumerateArray().Select(Named);

    [TestCaseSource(nameof(Cases))]
    public void SequencesAreHuggingFaces(JsonElement golden)
    {
        var sequences = Run(golden);
        var expected = ModelGoldens.Ids(golden.GetProperty("sequences"));
        Assert.That(sequences.Shape.ToString(), Is.EqualTo(expected.Shape.ToString()));
        var (found, wanted) = (sequences.ToArray<long>(), expected.ToArray<long>());
        var wrong = Enumerable.Range(0, wanted.Length).FirstOrDefault(i => found[i] != wanted[i], -1);
        if (wrong >= 0)
        {
            Assert.Fail($"{sequences}: first wrong at {wrong}: found {found[wrong]}, expected {wanted[wrong]}");
        }
    }

    [Test]
    public void ThereAreGreedyAndSampledCases() => Assert.That(Cases.Count(), Is.EqualTo(14 + 3));

    [TestCaseSource(nameof(OtherCases))]
    public void OptionsThatAreNotSupportedAreRefusedByName(JsonElement golden)
    {
        var names = golden.GetProperty("kwargs").EnumerateObject().Select(option => option.Name);
        var others = names.Where(name => !Supported.Contains(name));
        Assert.That(
            () => Run(golden),
            Throws.TypeOf<ConfigurationException>().With.Message.Matches(
                $"({string.Join("|", others)}) is .*, expected .*: nothing else is supported yet"));
    }

    [TestCaseSource(nameof(Errors))]
    public void WhatHuggingFaceRefusesIsRefused(JsonElement golden)
    {
        var named = golden.GetProperty("kwargs").EnumerateObject().Select(option => option.Name);
        Assert.That(() => Run(golden), Throws.TypeOf<ConfigurationException>().With.Message.Matches(string.Join("|", named)));
    }

    private static bool IsSupported(JsonElement entry) =>
        entry.GetProperty("kwargs").EnumerateObject().All(option => Supported.Contains(option.Name));

    private static TestCaseData Named(JsonElement entry) =>
        new TestCaseData(entry).SetArgDisplayNames(
            (entry.TryGetProperty("mode", out var mode) ? mode.GetString() + ", " : "") + entry.GetProperty("name").GetString());

    private static Tensor Run(JsonElement golden)
    {
        var model = ModelGoldens.Gpt2("gpt2-trained-tiny");
        var config = model.GenerationConfig!.Clone();
        foreach (var option in golden.GetProperty("kwargs").EnumerateObject()) config[option.Name] = PythonJson.Read(option.Value.GetRawText());
        var inputs = Golden.GetProperty("inputs").GetProperty(golden.GetProperty("inputs").GetString()!);
        Tensor? mask = inputs.TryGetProperty("attention_mask", out var rows) ? ModelGoldens.Ids(rows) : null;
        if (golden.TryGetProperty("seed", out var seed)) TorchGenerator.Default.Seed(seed.GetUInt64());
        return model.Generate(ModelGoldens.Ids(inputs.GetProperty("input_ids")), mask, config);
    }
}
