using NativeTrainer.Models.Tests.Support;

namespace NativeTrainer.Models.Tests.Bert;

/// <summary>The same seed gives the initial weights, and leaves the generator where, Hugging Face does.</summary>
public class BertInitTests
{
    private static IEnumerable<string> Names => BertModels.Tasks.Keys;

    [Test]
    public void ValuesAndWhatIsDrawnNextAreHuggingFaces([ValueSource(nameof(Names))] string name, [Values(42UL, 7UL)] ulong seed) =>
        InitGolden.Check(name, seed, () =>
            AutoModel.FromConfig(BertConfig.FromPretrained(ModelGoldens.Model(name)), BertModels.Tasks[name]));

    [Test]
    public void Seed42GivesTheWeightsOfTheFolderBitForBit() => InitGolden.CheckFile(BertModels.Make("bert-tiny"), "bert-tiny");

    [Test]
    public void AHeadThatAFolderLacksIsDrawnAlone()
    {
        var model = AutoModel.FromPretrained(ModelGoldens.Model("bert-tiny"), AutoModel.BaseModel);
        using var folder = new TemporaryFolder();
        model.SavePretrained(folder.Path);
        Tensors.TorchGenerator.Default.Seed(5);
        List<string> warnings = [];
        var read = AutoModel.FromPretrained(folder.Path, AutoModel.SequenceClassification, warn: warnings.Add);
        Assert.That(warnings.Single(), Does.Contain("no weights for classifier.weight, classifier.bias"));
        var expected = new float[128];
        Tensors.TorchGenerator.Default.Seed(5);
        Tensors.TorchGenerator.Default.Normal(expected, 0, 0.02);
        var weights = read.NamedParameters().ToDictionary(entry => entry.Name, entry => entry.Parameter.Value.ToArray<float>());
        Assert.That(weights["classifier.weight"], Is.EqualTo(expected));
        Assert.That(weights["classifier.bias"], Is.All.Zero);
        Assert.That(weights["bert.pooler.dense.weight"], Is.EqualTo(BertModels.Make("bert-tiny").NamedParameters()
            .Single(entry => entry.Name == "bert.pooler.dense.weight").Parameter.Value.ToArray<float>()));
    }
}
