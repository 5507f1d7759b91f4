using System.Text.Json;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Generation;

/// <summary>generation_config.json: Hugging Face's defaults, texts, and what happens where ids are missing.</summary>
public class GenerationConfigTests
{
    private static readonly JsonElement Golden = ModelGoldens.Json("generation", "config.json");

    private static IEnumerable<TestCaseData> Saved => Golden.GetProperty("saved").EnumerateArray()
        .Select(entry => new TestCaseData(entry).SetArgDisplayNames(entry.GetProperty("settings").GetRawText()));

    [Test]
    public void FieldsAndDefaultsAreHuggingFaces()
    {
        var config = new GenerationConfig();
        foreach (var entry in Golden.GetProperty("defaults").EnumerateArray())
        {
            var name = entry.GetProperty("name").GetString()!;
            if (name == "transformers_version") continue;
            Assert.That(PlainJson.Write(config[name]), Is.EqualTo(PlainJson.Write(PythonJson.Read(entry.GetProperty("default").GetRawText()))), name);
        }
    }

    [TestCaseSource(nameof(Saved))]
    public void TheTextIsHuggingFaces(JsonElement golden)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["generation_config.json"], golden.GetProperty("settings").GetRawText());
        var config = GenerationConfig.FromPretrained(folder.Path);
        config.Save(folder.Path);
        Assert.That(File.ReadAllText(folder["generation_config.json"]), Is.EqualTo(golden.GetProperty("json").GetString()));
    }

    [Test]
    public void ACopyIsIndependent()
    {
        var config = new GenerationConfig { MaxNewTokens = 3, Seed = 5 };
        var copy = config.Clone();
        Assert.That((copy.MaxNewTokens, copy.Seed), Is.EqualTo((3, 5ul)));
        copy.MaxNewTokens = 4;
        Assert.That(config.MaxNewTokens, Is.EqualTo(3));
    }

    [Test]
    public void SamplingOptionsWithoutSamplingAreTold()
    {
        var config = new GenerationConfig { Temperature = 0.5, TopK = 3, TopP = 0.9 };
        Assert.That(config.Warnings(), Is.EqualTo(new[]
        {
            "temperature is 0.5 and has no effect, since do_sample is false",
            "top_p is 0.9 and has no effect, since do_sample is false",
            "top_k is 3 and has no effect, since do_sample is false",
        }));
        config.DoSample = true;
        Assert.That(config.Warnings(), Is.Empty);
    }

    [Test]
    public void UnknownOptionsAreRefused() =>
        Assert.That(
            () => new GenerationConfig()["num_beam"] = 2, Throws.TypeOf<ConfigurationException>().With.Message.Contains("num_beam"));

    [Test]
    public void AnEndThatIsOnlyTheModelsBringsNoPadding()
    {
        var model = ModelGoldens.Gpt2("gpt2-trained-tiny");
        var fallbacks = Golden.GetProperty("fallbacks").EnumerateArray().ToDictionary(
            entry => entry.GetProperty("case").GetString()!, entry => entry.GetProperty("result"));
        var prompt = Tensor.From("the peop"u8.ToArray().Select(letter => (long)letter).ToArray(), [1, 8]);
        var config = model.GenerationConfig!.Clone();
        (config.MaxNewTokens, config.EosTokenIds) = (5, []);
        Assert.That(
            fallbacks["gpt2, eos_token_id null: the model's eos comes back, but no pad was set for it"].GetString(),
            Is.EqualTo("ValueError"));
        Assert.That(
            () => model.Generate(prompt, config: config),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("pad_token_id is null"));
        Assert.That(
            () => model.Generate(prompt, config: new GenerationConfig { MaxNewTokens = 5 }),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("pad_token_id is null"));

        var endless = fallbacks["gpt2, eos_token_id -1: no end"][0].EnumerateArray().Select(id => id.GetInt64());
        (config.MaxNewTokens, config.EosTokenIds, config.PadTokenId) = (10, [-1], 0);
        Assert.That(model.Generate(prompt, config: config).ToArray<long>(), Is.EqualTo(endless));
    }
}
