using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Support;

/// <summary>The initial weights that Hugging Face draws from a seed, and what its generator gives next.</summary>
internal static class InitGolden
{
    /// <summary>Makes a model after seeding this thread's generator, and compares.</summary>
    public static void Check(string name, ulong seed, Func<PreTrainedModel> make)
    {
        var golden = ModelGoldens.Json("init", $"{name}.json");
        TorchGenerator.Default.Seed(seed);
        var model = make();
        var next = new long[4];
        TorchGenerator.Default.RandInt(next, 0, 1000);
        var ofSeed = golden.GetProperty("seeds").GetProperty($"{seed}");
        var wantedNext = ofSeed.GetProperty("then_randint_1000").EnumerateArray().Select(value => value.GetInt64());
        Assert.That(next, Is.EqualTo(wantedNext), "randint after the model");
        var parameters = model.NamedParameters(all: true).ToDictionary(entry => entry.Name, entry => entry.Parameter);
        foreach (var entry in ofSeed.GetProperty("first_three_last_sum").EnumerateObject())
        {
            var values = parameters[entry.Name].Value.ToArray<float>();
            var wanted = entry.Value.EnumerateArray().Select(value => value.GetDouble()).ToArray();
            for (var i = 0; i < wanted.Length - 2; i++) Assert.That(values[i], Is.EqualTo((float)wanted[i]), $"{entry.Name}[{i}]");
            Assert.That(values[^1], Is.EqualTo((float)wanted[^2]), $"{entry.Name}[^1]");
            Assert.That(values.Sum(value => (double)value), Is.EqualTo(wanted[^1]).Within(1e-6), $"sum of {entry.Name}");
        }
        foreach (var entry in golden.GetProperty("constants").EnumerateObject())
        {
            Assert.That(parameters[entry.Name].Value.ToArray<float>(), Is.All.EqualTo((float)entry.Value.GetDouble()), entry.Name);
        }
    }

    /// <summary>Whether every weight has the bits of a folder's file, and the names are the same.</summary>
    public static void CheckFile(PreTrainedModel model, string name)
    {
        var file = SafetensorsFile.Open(Path.Combine(ModelGoldens.Model(name), "model.safetensors"));
        Assert.That(model.NamedParameters().Select(entry => entry.Name), Is.EquivalentTo(file.Names));
        foreach (var (key, parameter) in model.NamedParameters())
        {
            var (ours, theirs) = (parameter.Value.ToArray<float>(), file[key].ToArray<float>());
            Assert.That(ours.AsSpan().CommonPrefixLength(theirs), Is.EqualTo(theirs.Length), $"{key} {parameter.Shape}: first wrong index");
        }
    }
}
