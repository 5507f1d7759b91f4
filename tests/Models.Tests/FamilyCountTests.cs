using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests;

/// <summary>Parameters, operations, and which weights decay, as Hugging Face counts them, of every tiny model.</summary>
public class FamilyCountTests
{
    private static readonly Dictionary<string, string> Tasks = new()
    {
        ["t5-tiny"] = AutoModel.Seq2Seq,
        ["t5-gated-tiny"] = AutoModel.Seq2Seq,
        ["bert-tiny"] = AutoModel.SequenceClassification,
        ["bert-regression-tiny"] = AutoModel.SequenceClassification,
        ["bert-tok-tiny"] = AutoModel.TokenClassification,
        ["bert-mlm-tiny"] = AutoModel.MaskedLanguageModel,
    };

    private static IEnumerable<string> Names => Tasks.Keys;

    [TestCaseSource(nameof(Names))]
    public void ParametersAndOperations(string name)
    {
        var golden = ModelGoldens.Json("flops.json").GetProperty("models").GetProperty(name);
        var model = Make(name);
        Assert.That(model.NumParameters(), Is.EqualTo(golden.GetProperty("parameters").GetInt64()));
        Assert.That(model.NumParameters(excludeEmbeddings: true), Is.EqualTo(golden.GetProperty("without embeddings").GetInt64()));
        var one = golden.GetProperty("one batch");
        var ids = Tensor.Zeros([one.GetProperty("shape")[0].GetInt64(), one.GetProperty("shape")[1].GetInt64()], DType.Int64);
        var operations = model.FloatingPointOps(new Batch { ["input_ids"] = ids, ["labels"] = ids });
        Assert.That(operations, Is.EqualTo(one.GetProperty("floating_point_ops").GetDouble()));
    }

    [TestCaseSource(nameof(Names))]
    public void OrderOfParametersAndNormalisations(string name)
    {
        var golden = ModelGoldens.Json("decay-groups.json").GetProperty("models").GetProperty(name);
        var decay = golden.GetProperty("0: weight_decay").EnumerateArray().Select(entry => entry.GetString()!).ToArray();
        var none = golden.GetProperty("1: none").EnumerateArray().Select(entry => entry.GetString()!).ToArray();
        var model = Make(name);
        var normalisations = model.NamedModules().Where(entry => entry.Module.IsNormalization).Select(entry => entry.Name + ".").ToArray();
        var names = model.NamedParameters().Select(entry => entry.Name).ToArray();
        bool Decays(string entry) =>
            !entry.Contains("bias") && !normalisations.Any(module => entry.StartsWith(module, StringComparison.Ordinal));
        Assert.That(names.Where(Decays), Is.EqualTo(decay));
        Assert.That(names.Where(entry => !Decays(entry)), Is.EqualTo(none));
    }

    private static PreTrainedModel Make(string name) =>
        AutoModel.FromConfig(AutoModel.ConfigFromPretrained(ModelGoldens.Model(name)), Tasks[name]);
}
