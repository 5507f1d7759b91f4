using System.Text.Json;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Llama;

/// <summary>Parameters, operations, and which weights decay, as Hugging Face counts them.</summary>
public class LlamaCountTests
{
    [TestCase("llama-tiny")]
    [TestCase("llama-rope-tiny")]
    public void ParametersAndOperations(string name)
    {
        var golden = ModelGoldens.Json("flops.json").GetProperty("models").GetProperty(name);
        var model = Model(name);
        Assert.That(model.NumParameters(), Is.EqualTo(golden.GetProperty("parameters").GetInt64()));
        Assert.That(model.NumParameters(excludeEmbeddings: true), Is.EqualTo(golden.GetProperty("without embeddings").GetInt64()));
        var ids = Tensor.Zeros([4, 8], DType.Int64);
        var expected = golden.GetProperty("one batch").GetProperty("floating_point_ops").GetDouble();
        Assert.That(model.FloatingPointOps(new Batch { ["input_ids"] = ids }), Is.EqualTo(expected));
    }

    [TestCase("llama-tiny")]
    [TestCase("llama-rope-tiny")]
    public void OrderOfParametersAndNormalisations(string name)
    {
        var golden = ModelGoldens.Json("decay-groups.json").GetProperty("models").GetProperty(name);
        var (decaying, others) = Groups(Model(name));
        Assert.That(decaying, Is.EqualTo(Names(golden, "0: weight_decay")));
        Assert.That(others, Is.EqualTo(Names(golden, "1: none")));
    }

    [Test]
    public void NormsOfTheRelativesDecayAsInTheTrainerOfHuggingFace()
    {
        Assert.That(Groups(Model("mistral-tiny")).Others, Is.Empty);
        Assert.That(Groups(Model("qwen2-tiny")).Others, Is.All.EndsWith("_proj.bias").And.Exactly(6).Items);
    }

    private static string[] Names(JsonElement golden, string group) =>
        [.. golden.GetProperty(group).EnumerateArray().Select(name => name.GetString()!)];

    private static (string[] Decaying, string[] Others) Groups(PreTrainedModel model)
    {
        var norms = model.NamedModules().Where(entry => entry.Module.IsNormalization).Select(entry => entry.Name + ".").ToArray();
        bool Decays(string name) => !name.Contains("bias") && !norms.Any(norm => name.StartsWith(norm, StringComparison.Ordinal));
        var names = model.NamedParameters().Select(entry => entry.Name).ToArray();
        return ([.. names.Where(Decays)], [.. names.Where(name => !Decays(name))]);
    }

    private static PreTrainedModel Model(string name) =>
        AutoModel.FromConfig(AutoModel.ConfigFromPretrained(ModelGoldens.Model(name)), AutoModel.CausalLanguageModel);
}
