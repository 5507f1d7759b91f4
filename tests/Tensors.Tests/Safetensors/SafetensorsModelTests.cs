namespace NativeTrainer.Tensors.Tests;

public class SafetensorsModelTests
{
    [Test]
    public void ShardsAreThoseOfHuggingFace()
    {
        // save_pretrained(max_shard_size="200KB") of this model wrote files of these sizes.
        var file = SafetensorsFile.Open(Golden.Path("gpt2-tiny-seed42.safetensors"));
        using var folder = new TemporaryFolder();
        SafetensorsModel.Save(folder.Root, Declared().Select(name => KeyValuePair.Create(name, file[name])), maxShardSize: 200_000);
        var sizes = Directory.GetFiles(folder.Root).Order().Select(path => (Path.GetFileName(path), new FileInfo(path).Length));
        Assert.That(sizes, Is.EqualTo(new[]
        {
            ("model-00001-of-00003.safetensors", 150448L),
            ("model-00002-of-00003.safetensors", 201096L),
            ("model-00003-of-00003.safetensors", 133448L),
            ("model.safetensors.index.json", 2111L),
        }));
        Assert.That(File.ReadAllText(folder[SafetensorsModel.IndexName]), Does.Contain("\"total_size\": 482304"));

        var model = SafetensorsModel.Open(folder.Root);
        Assert.That(model.Names, Is.EqualTo(file.Names), "sorted");
        foreach (var name in file.Names) Assert.That(model[name].ToArray<float>(), Is.EqualTo(file[name].ToArray<float>()), name);
        Assert.That(model.Metadata["format"], Is.EqualTo("pt"));
    }

    [Test]
    public void OneFileIsEnoughForASmallModelAndAnotherSaveLeavesNothingOld()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model-card.md"], "stays");
        var tensors = new Dictionary<string, Tensor> { ["a"] = Tensor.From([1f], [1]), ["b"] = Tensor.From([2f, 3f], [2]) };
        SafetensorsModel.Save(folder.Root, tensors, maxShardSize: 1);
        string[] shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
        Assert.That(Names(folder), Is.EqualTo((string[])[.. shards, "model-card.md", SafetensorsModel.IndexName]));
        SafetensorsModel.Save(folder.Root, tensors);
        Assert.That(Names(folder), Is.EqualTo(new[] { "model-card.md", SafetensorsModel.FileName }));
        SafetensorsModel.Save(folder.Root, tensors, maxShardSize: 8);
        Assert.That(SafetensorsModel.Open(folder.Root)["b"].ToArray<float>(), Is.EqualTo(new float[] { 2, 3 }));
        Assert.That(Names(folder), Does.Not.Contain(SafetensorsModel.FileName));
    }

    [Test]
    public void AFolderWithoutAModelIsNamed()
    {
        using var folder = new TemporaryFolder();
        Assert.That(
            () => SafetensorsModel.Open(folder.Root),
            Throws.InstanceOf<FileNotFoundException>().With.Message.Contains("neither model.safetensors nor"));
    }

    [TestCase("", "not the index of a model")]
    [TestCase("[1]", "has no weight_map")]
    [TestCase("{\"weight_map\":[]}", "has no weight_map")]
    [TestCase("{\"weight_map\":{\"a\":3}}", "tensor 'a' is in 3, expected the name of a file")]
    [TestCase("{\"weight_map\":{\"a\":\"../model.safetensors\"}}", "expected the name of a file beside the index")]
    [TestCase("{\"weight_map\":{\"a\":\"one.safetensors\",\"a\":\"one.safetensors\"}}", "not the index of a model")]
    [TestCase("{\"weight_map\":{\"a\":\"\\uD800\"}}", "not the index of a model")]
    [TestCase("{\"weight_map\":{\"a\":\"other.safetensors\"}}", "tensor 'a' is in other.safetensors, which does not exist")]
    [TestCase(
        "{\"weight_map\":{\"a\":\"one.safetensors\",\"c\":\"one.safetensors\"}}",
        "tensor 'c' is not in the file, but model.safetensors.index.json says so")]
    [TestCase("{\"weight_map\":{\"a\":\"one.safetensors\"}}", "tensor 'b' is missing in model.safetensors.index.json")]
    [TestCase("{\"weight_map\":{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}}", "tensor 'b' is in two.safetensors as well")]
    public void AnIndexThatDoesNotAgreeIsNamed(string index, string message)
    {
        using var folder = new TemporaryFolder();
        var (a, b) = (KeyValuePair.Create("a", Tensor.Zeros([1])), KeyValuePair.Create("b", Tensor.Zeros([1])));
        SafetensorsWriter.Write(folder["one.safetensors"], [a, b]);
        SafetensorsWriter.Write(folder["two.safetensors"], [b]);
        File.WriteAllText(folder[SafetensorsModel.IndexName], index);
        Assert.That(
            () => SafetensorsModel.Open(folder.Root),
            Throws.InstanceOf<IOException>().With.Message.Contains(message).And.Message.StartsWith(folder.Root));
    }

    private static IEnumerable<string?> Names(TemporaryFolder folder) =>
        Directory.GetFiles(folder.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    // The order in which GPT-2 declares its parameters.
    private static IEnumerable<string> Declared()
    {
        yield return "transformer.wte.weight";
        yield return "transformer.wpe.weight";
        foreach (var layer in new[] { 0, 1 })
        {
            foreach (var part in new[] { "ln_1", "attn.c_attn", "attn.c_proj", "ln_2", "mlp.c_fc", "mlp.c_proj" })
            {
                yield return $"transformer.h.{layer}.{part}.weight";
                yield return $"transformer.h.{layer}.{part}.bias";
            }
        }
        yield return "transformer.ln_f.weight";
        yield return "transformer.ln_f.bias";
    }
}
