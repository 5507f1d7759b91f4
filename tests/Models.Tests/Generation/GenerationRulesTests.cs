using System.Text.Json;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Generation;

/// <summary>Which options contradict each other, where options come from, and what the model's token ids stand in for.</summary>
public class GenerationRulesTests
{
    private static readonly JsonElement Golden = ModelGoldens.Json("generation", "config.json");

    private static IEnumerable<TestCaseData> Validation => Golden.GetProperty("validation").EnumerateArray()
        .Select(entry => new TestCaseData(entry).SetArgDisplayNames(entry.GetProperty("when").GetString()!));

    private static IEnumerable<TestCaseData> Merging => Golden.GetProperty("merging").EnumerateArray()
        .Select(entry => new TestCaseData(entry).SetArgDisplayNames(entry.GetProperty("case").GetString()!));

    [TestCaseSource(nameof(Validation))]
    public void WhatHuggingFaceRefusesAndWarnsOf(JsonElement golden)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["generation_config.json"], golden.GetProperty("example").GetRawText());
        var config = GenerationConfig.FromPretrained(folder.Path);
        if (golden.GetProperty("effect").GetString() == "ValueError")
        {
            Assert.That(config.Validate, Throws.TypeOf<ConfigurationException>());
            return;
        }
        Assert.That(config.Warnings().Any(), Is.EqualTo(golden.GetProperty("effect").GetString() == "UserWarning"));
        Action save = () => config.Save(folder.Path);
        var isSaved = golden.GetProperty("save_pretrained").ValueKind == JsonValueKind.Null;
        Assert.That(save, isSaved ? Throws.Nothing : Throws.TypeOf<ConfigurationException>());
    }

    [TestCaseSource(nameof(Merging))]
    public void OptionsComeFromWhereHuggingFaceTakesThem(JsonElement golden)
    {
        List<string> warnings = [];
        var found = Merge(golden.GetProperty("case").GetString()!, warnings.Add);
        if (golden.TryGetProperty("error", out _))
        {
            Assert.That(found, Is.Null);
            return;
        }
        Assert.That(PythonJson.Write(found, sortKeys: true), Is.EqualTo(
            PythonJson.Write(PythonJson.Read(golden.GetProperty("differs_from_default").GetRawText()), sortKeys: true)));
        Assert.That(
            warnings.Any(text => text.Contains("the model's configuration holds", StringComparison.Ordinal)),
            Is.EqualTo(golden.GetProperty("warned").GetBoolean()));
    }

    [Test]
    public void IdsThatOptionsLackAreTheModels()
    {
        var fallbacks = Golden.GetProperty("fallbacks").EnumerateArray().ToDictionary(entry => entry.GetProperty("case").GetString()!);
        var llama = ModelGoldens.Generator("llama-trained-tiny");
        var options = new Dictionary<string, object?> { ["eos_token_id"] = null, ["max_new_tokens"] = 10 };
        var ends = llama.Generate(Letters("the peop"), config: llama.GenerationConfig!.With(options));
        Assert.That(ends.ToArray<long>(), Is.EqualTo(
            Ids(fallbacks["llama, eos_token_id null: the model's eos ends the row all the same"].GetProperty("result"))));
        var t5 = ModelGoldens.Generator("t5-trained-tiny");
        Assert.That(t5.Generate(Tensor.From([40L, 64, 1], [1, 3]), config: new GenerationConfig { MaxNewTokens = 10 }).ToArray<long>(), Is.EqualTo(
            Ids(fallbacks["t5, a config without token ids: the start token comes from the model's config"].GetProperty("result"))));
    }

    [Test]
    public void OptionsByNameTakeDotnetsTypes()
    {
        var config = new GenerationConfig().With(new Dictionary<string, object?>
        {
            ["bad_words_ids"] = new[] { new[] { 3 }, [5, 8] },
            ["exponential_decay_length_penalty"] = (4, 1.5),
            ["eos_token_id"] = new List<int> { 1, 2 },
            ["temperature"] = 0.5f,
            ["early_stopping"] = "never",
        });
        Assert.That(config.BadWordsIds, Is.EqualTo(new[] { new[] { 3 }, [5, 8] }));
        Assert.That(config.ExponentialDecayLengthPenalty, Is.EqualTo((4, 1.5)));
        Assert.That((config.EosTokenIds[1], config.Temperature, config.EarlyStopping), Is.EqualTo((2, 0.5, EarlyStopping.Never)));
        var options = new Dictionary<string, object?> { ["num_beams"] = 2, ["decoder_input_ids"] = 1 };
        Assert.That(config.Update(options).Keys, Is.EqualTo(new[] { "decoder_input_ids" }));
        Assert.That(
            () => config.With(new Dictionary<string, object?> { ["num_beam"] = 2 }),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("unknown generation option num_beam"));
    }

    [TestCase("force_words_ids", "[[3]]", "force_words_ids is [[3]], expected null: constrained beam search is not supported")]
    [TestCase("prompt_lookup_num_tokens", "3", "prompt_lookup_num_tokens is 3, expected null: assisted generation is not supported")]
    [TestCase("max_new_tokens", "0", "max_new_tokens is 0, expected a whole number from 1 on")]
    [TestCase("bad_words_ids", "[[]]", "bad_words_ids is [[]], expected a list of at least one list of token ids")]
    [TestCase("top_k", "\"many\"", "top_k is \"many\", expected a whole number")]
    public void OptionsThatDoNotHoldAreNamed(string name, string value, string expected) =>
        Assert.That(
            () => Run(new GenerationConfig { EosTokenIds = [0], MaxNewTokens = 2 }.With(Option(name, PythonJson.Read(value)))),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains(expected));

    private static Dictionary<string, object?> Option(string name, object? value) => new() { [name] = value };

    private static void Run(GenerationConfig config) => ModelGoldens.Generator("gpt2-trained-tiny").Generate(Letters("wh"), config: config);

    private static SortedDictionary<string, object?>? Merge(string name, Action<string> warn)
    {
        var model = ModelGoldens.Generator(name.StartsWith("T5", StringComparison.Ordinal) ? "t5-trained-tiny"
            : name.Contains("eos, pad and bos are gone", StringComparison.Ordinal) || name.StartsWith("eos_token_id null", StringComparison.Ordinal)
                ? "llama-trained-tiny" : "gpt2-trained-tiny");
        Dictionary<string, object?> options = [];
        GenerationConfig? config = null;
        switch (name)
        {
            case "kwargs win over the model's config": options = new() { ["max_length"] = 9, ["num_beams"] = 2 }; break;
            case "max_new_tokens turns into max_length = prompt + new": options = new() { ["max_new_tokens"] = 5 }; break;
            case "both given: max_new_tokens wins": options = new() { ["max_length"] = 9, ["max_new_tokens"] = 5 }; break;
            case "a config passed in replaces the model's whole: eos, pad and bos are gone": config = new() { NumBeams = 2 }; break;
            case "kwargs win over a config passed in":
                return Differences(new GenerationConfig { MaxLength = 7, NumBeams = 2 }.With(Option("num_beams", 3)));
            case "eos_token_id null in kwargs": options = new() { ["eos_token_id"] = null }; break;
            case "pad_token_id null, eos a list: pad becomes its first": options = new() { ["eos_token_id"] = new[] { 5, 6 } }; break;
            case "num_beams null becomes 1": options = new() { ["num_beams"] = null }; break;
            case "max_length null, max_new_tokens given": options = new() { ["max_length"] = null, ["max_new_tokens"] = 3 }; break;
            case "max_length null, nothing else": options = new() { ["max_length"] = null }; break;
            case "T5: max_new_tokens counts from the decoder's start token": options = new() { ["max_new_tokens"] = 5 }; break;
            case var changed when changed.StartsWith("model.config changed", StringComparison.Ordinal):
                (model.Config["max_length"], model.Config["num_beams"]) = (11, 2);
                break;
            case "the same, but model.generation_config was touched as well: model.config is not looked at":
                model.Config["max_length"] = 11;
                model.GenerationConfig!.TopK = 7;
                break;
            case "the same, but the generation config did not come from a model config":
                model.Config["max_length"] = 11;
                model.GenerationConfig = new() { EosTokenIds = [0], MaxLength = 13 };
                break;
            case "only token ids changed in model.config: no trigger, they are not generation parameters": model.Config["eos_token_id"] = 5; break;
            case "token ids change along once a generation parameter does":
                (model.Config["eos_token_id"], model.Config["max_length"]) = (5, 11);
                break;
        }
        if (config is null && options.Count > 0) config = model.GenerationConfig!.With(options);
        try
        {
            var plan = new GenerationPlan(model, new GenerateInputs(Tensor.From([87L, 104], [1, 2])) { Warn = warn }, config);
            var found = Differences(plan.Config);
            if (plan.MaxLength != 20) found["max_length"] = plan.MaxLength;
            if (plan.Config.EosTokenIds.Count > 0) found["pad_token_id"] = plan.Pad;
            return found;
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }

    private static SortedDictionary<string, object?> Differences(GenerationConfig config)
    {
        SortedDictionary<string, object?> found = new(StringComparer.Ordinal);
        foreach (var name in GenerationConfig.FieldNames)
        {
            if (!config.IsAtDefault(name) && (name, config[name]) is not ("num_beams" or "max_length", null)) found[name] = config[name];
        }
        return found;
    }

    private static Tensor Letters(string text) => Tensor.From(text.Select(letter => (long)letter).ToArray(), [1, text.Length]);

    private static long[] Ids(JsonElement rows) => [.. rows.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(id => id.GetInt64())];
}
