using System.Text.Json;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Gpt2;

/// <summary>The same seed gives the initial weights, and leaves the generator where, Hugging Face does.</summary>
public class Gpt2InitTests
{
    private static readonly JsonElement Golden = ModelGoldens.Json("init", "gpt2-tiny.json");

    private static IEnumerable<string> Seeds => Golden.GetProperty("seeds").EnumerateObject().Select(entry => entry.Name);

    [Test]
    public void Seed42GivesTheWeightsOfTheFolderBitForBit()
    {
        var model = Fresh(42);
        var file = SafetensorsFile.Open(Path.Combine(ModelGoldens.Model("gpt2-tiny"), "model.safetensors"));
        Assert.That(model.NamedParameters().Select(entry => entry.Name), Is.EquivalentTo(file.Names));
        foreach (var (name, parameter) in model.NamedParameters())
        {
            var (ours, theirs) = (parameter.Value.ToArray<float>(), file[name].ToArray<float>());
            Assert.That(
                ours.AsSpan().CommonPrefixLength(theirs), Is.EqualTo(theirs.Length), $"{name} {parameter.Shape}: first wrong index");
        }
    }

    [TestCaseSource(nameof(Seeds))]
    public void ValuesAndWhatIsDrawnNextAreHuggingFaces(string seed)
    {
        var model = Fresh(ulong.Parse(seed));
        var golden = Golden.GetProperty("seeds").GetProperty(seed);
        var next = new long[4];
        TorchGenerator.Default.RandInt(next, 0, 1000);
        Assert.That(
            next,
            Is.EqualTo(golden.GetProperty("then_randint_1000").EnumerateArray().Select(value => value.GetInt64())),
            "randint after the model");
        var parameters = model.NamedParameters(all: true).ToDictionary(entry => entry.Name, entry => entry.Parameter);
        foreach (var entry in golden.GetProperty("first_three_last_sum").EnumerateObject())
        {
            var (values, wanted) = (
                parameters[entry.Name].Value.ToArray<float>(), entry.Value.EnumerateArray().Select(value => value.GetDouble()).ToArray());
            for (var i = 0; i < 3; i++) Assert.That(values[i], Is.EqualTo((float)wanted[i]), $"{entry.Name}[{i}]");
            Assert.That(values[^1], Is.EqualTo((float)wanted[3]), $"{entry.Name}[^1]");
            Assert.That(values.Sum(value => (double)value), Is.EqualTo(wanted[4]).Within(1e-6), $"sum of {entry.Name}");
        }
        foreach (var entry in Golden.GetProperty("constants").EnumerateObject())
        {
            Assert.That(parameters[entry.Name].Value.ToArray<float>(), Is.All.EqualTo((float)entry.Value.GetDouble()), entry.Name);
        }
    }

    [Test]
    public void AnUntiedHeadKeepsItsOwnDraw()
    {
        TorchGenerator.Default.Seed(42);
        var config = Gpt2Config.FromPretrained(ModelGoldens.Model("gpt2-tiny"));
        config.TieWordEmbeddings = false;
        var model = new Gpt2LMHeadModel(config);
        var (head, embedding) = (model.OutputEmbeddings.Weight.Value.ToArray<float>(), model.InputEmbeddings.Weight.Value.ToArray<float>());
        Assert.That(head, Is.Not.EqualTo(embedding));
        Assert.That(Math.Sqrt(head.Average(value => value * value)), Is.EqualTo(config.InitializerRange).Within(0.001));
        Assert.That(model.NamedParameters().Last().Name, Is.EqualTo("lm_head.weight"));
        Assert.That(model.NumParameters(), Is.EqualTo(120576 + (256 * 64)));
    }

    private static Gpt2LMHeadModel Fresh(ulong seed)
    {
        TorchGenerator.Default.Seed(seed);
        return new Gpt2LMHeadModel(Gpt2Config.FromPretrained(ModelGoldens.Model("gpt2-tiny")));
    }
}
