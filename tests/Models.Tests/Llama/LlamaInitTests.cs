using NativeTrainer.Models.Tests.Support;

namespace NativeTrainer.Models.Tests.Llama;

/// <summary>The same seed gives the initial weights, and leaves the generator where, Hugging Face does.</summary>
public class LlamaInitTests
{
    private static IEnumerable<TestCaseData> Seeds =>
        from name in new[] { "llama-tiny", "llama-rope-tiny" }
        from seed in ModelGoldens.Json("init", $"{name}.json").GetProperty("seeds").EnumerateObject()
        select new TestCaseData(name, ulong.Parse(seed.Name));

    [TestCaseSource(nameof(Seeds))]
    public void ValuesAndWhatIsDrawnNextAreHuggingFaces(string name, ulong seed) =>
        InitGolden.Check(name, seed, () => new LlamaForCausalLM(LlamaConfig.FromPretrained(ModelGoldens.Model(name))));

    [TestCase("llama-tiny")]
    [TestCase("llama-rope-tiny")]
    [TestCase("qwen2-tiny")]
    [TestCase("mistral-tiny")]
    public void Seed42GivesTheWeightsOfTheFolderBitForBit(string name)
    {
        var config = AutoModel.ConfigFromPretrained(ModelGoldens.Model(name));
        Tensors.TorchGenerator.Default.Seed(42);
        InitGolden.CheckFile(AutoModel.FromConfig(config, AutoModel.CausalLanguageModel), name);
    }
}
