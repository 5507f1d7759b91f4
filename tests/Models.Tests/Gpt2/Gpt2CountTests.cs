using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Gpt2;

/// <summary>Parameters, operations, and which weights decay, as Hugging Face counts them.</summary>
public class Gpt2CountTests
{
    [Test]
    public void ParametersAndOperations()
    {
        var golden = ModelGoldens.Json("flops.json").GetProperty("models").GetProperty("gpt2-tiny");
        var model = ModelGoldens.Gpt2();
        Assert.That(model.NumParameters(), Is.EqualTo(golden.GetProperty("parameters").GetInt64()));
        Assert.That(model.NumParameters(excludeEmbeddings: true), Is.EqualTo(golden.GetProperty("without embeddings").GetInt64()));
        var one = golden.GetProperty("one batch");
        var ids = Tensor.Zeros([one.GetProperty("shape")[0].GetInt64(), one.GetProperty("shape")[1].GetInt64()], DType.Int64);
        Assert.That(
            model.FloatingPointOps(new Batch { ["input_ids"] = ids }), Is.EqualTo(one.GetProperty("floating_point_ops").GetDouble()));
        Assert.That(model.FloatingPointOps(new Batch { ["labels"] = ids }), Is.Zero);
    }

    [Test]
    public void FrozenParametersAreNotTrainable()
    {
        var model = ModelGoldens.Gpt2();
        model.InputEmbeddings.Weight.RequiresGrad = false;
        Assert.That(model.NumParameters(onlyTrainable: true), Is.EqualTo(model.NumParameters() - (256 * 64)));
    }

    [Test]
    public void OrderOfParametersAndNormalisations()
    {
        var golden = ModelGoldens.Json("decay-groups.json").GetProperty("models").GetProperty("gpt2-tiny");
        var decay = golden.GetProperty("0: weight_decay").EnumerateArray().Select(name => name.GetString()!).ToArray();
        var none = golden.GetProperty("1: none").EnumerateArray().Select(name => name.GetString()!).ToArray();
        var model = ModelGoldens.Gpt2();
        var normalisations = model.NamedModules().Where(entry => entry.Module.IsNormalization).Select(entry => entry.Name).ToArray();
        var names = model.NamedParameters().Select(entry => entry.Name).ToArray();
        bool Decays(string name) =>
            !name.Contains("bias") && !normalisations.Any(module => name.StartsWith(module + ".", StringComparison.Ordinal));
        Assert.That(names.Where(Decays), Is.EqualTo(decay));
        Assert.That(names.Where(name => !Decays(name)), Is.EqualTo(none));
    }
}
