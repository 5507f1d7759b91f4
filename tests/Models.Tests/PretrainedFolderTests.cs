using NativeTrainer.Autograd;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests;

/// <summary>Hugging Face folders: written with the same bytes, read in all their forms, refused where broken.</summary>
public class PretrainedFolderTests
{
    private static readonly string Tiny = ModelGoldens.Model("gpt2-tiny");

    // Header, order and alignment of the tensors, keys and numbers of the configurations: all that Hugging Face wrote.
    [TestCase("gpt2-tiny")]
    [TestCase("llama-tiny")]
    [TestCase("llama-rope-tiny")]
    [TestCase("qwen2-tiny")]
    [TestCase("mistral-tiny")]
    public void AFolderComesBackByteForByte(string name)
    {
        using var folder = new TemporaryFolder();
        var source = ModelGoldens.Model(name);
        var model = AutoModel.FromPretrained(source, "causal-lm", warn: message => Assert.Fail(message));
        model.Config.NameOrPath = "";
        model.SavePretrained(folder["saved"]);
        Assert.That(
            Directory.GetFiles(folder["saved"]).Select(Path.GetFileName),
            Is.EquivalentTo(Directory.GetFiles(source).Select(Path.GetFileName)));
        foreach (var file in Directory.GetFiles(source))
        {
            Assert.That(
                File.ReadAllBytes(Path.Combine(folder["saved"], Path.GetFileName(file))),
                Is.EqualTo(File.ReadAllBytes(file)),
                Path.GetFileName(file));
        }
    }

    [Test]
    public void AModelFromScratchSaysWhatItIs()
    {
        using var folder = new TemporaryFolder();
        AutoModel.FromConfig(Small(), "causal-lm").SavePretrained(folder.Path);
        Assert.That(
            File.ReadAllText(folder["config.json"]), Does.Contain("\"GPT2LMHeadModel\"").And.Contain("\"torch_dtype\": \"float32\""));
        var expected = File.ReadAllText(Path.Combine(Tiny, "generation_config.json")).Replace(
            "_id\": 0", "_id\": 50256", StringComparison.Ordinal);
        Assert.That(File.ReadAllText(folder["generation_config.json"]), Is.EqualTo(expected));
    }

    [Test]
    public void ShardsAreWrittenAndRead()
    {
        using var folder = new TemporaryFolder();
        var model = ModelGoldens.Gpt2();
        model.SavePretrained(folder.Path, maxShardSize: 100_000);
        Assert.That(Directory.GetFiles(folder.Path, "model-*.safetensors"), Has.Length.GreaterThan(3));
        Same(model, AutoModel.FromPretrained(folder.Path, "causal-lm", warn: message => Assert.Fail(message)));
    }

    [Test]
    public void PyTorchsFilesAreWrittenAndRead([Values("gpt2-tiny", "llama-tiny")] string name, [Values(long.MaxValue, 100_000)] long shard)
    {
        using var folder = new TemporaryFolder();
        var model = AutoModel.FromPretrained(ModelGoldens.Model(name), "causal-lm");
        model.SavePretrained(folder.Path);
        model.SavePretrained(folder.Path, shard, safeSerialization: false);
        Assert.That(Directory.GetFiles(folder.Path, "*.safetensors"), Is.Empty, "they would be read instead");
        using (var file = TorchModel.Open(folder.Path))
        {
            var names = model.NamedParameters(all: true).Select(entry => entry.Name);
            Assert.That(file.Names, Is.EquivalentTo(names), "PyTorch's files have the tied head too");
        }
        Same(model, AutoModel.FromPretrained(folder.Path, "causal-lm", warn: message => Assert.Fail(message)));
        model.SavePretrained(folder.Path);
        Assert.That(Directory.GetFiles(folder.Path, "pytorch_model*"), Is.Empty);
    }

    [Test]
    public void ATiedWeightIsStoredOnce()
    {
        using var folder = new TemporaryFolder();
        ModelGoldens.Gpt2().SavePretrained(folder.Path, safeSerialization: false);
        using var file = TorchModel.Open(folder.Path);
        Assert.That(file["lm_head.weight"].Storage, Is.SameAs(file["transformer.wte.weight"].Storage));
    }

    [Test]
    public void PyTorchsFilesThatAreNoModelsAreNamed()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Tiny, "config.json"), folder["config.json"]);
        Wrong(new List<object?>(), "pytorch_model.bin: holds no dictionary");
        Wrong(new OrderedDictionary<object, object?> { ["step"] = 3L }, "pytorch_model.bin: its entry 'step' is no tensor");
        var narrow = new OrderedDictionary<object, object?> { ["transformer.wpe.weight"] = TorchTensor.From(Tensor.Zeros([32, 64])) };
        Wrong(narrow, "pytorch_model.bin: tensor 'transformer.wpe.weight' has shape [32, 64], expected [64, 64]");
        File.WriteAllText(folder["pytorch_model.bin.index.json"], """{"weight_map": {"transformer.wpe.weight": "part.bin"}}""");
        TorchFile.Save(folder["part.bin"], new OrderedDictionary<object, object?>());
        File.Delete(folder["pytorch_model.bin"]);
        Assert.That(
            () => ModelGoldens.Gpt2().LoadWeights(folder.Path),
            Throws.TypeOf<TorchFileException>().With.Message.Contains("part.bin: has no tensor 'transformer.wpe.weight'"));
        var tar = new byte[600];
        "ustar"u8.CopyTo(tar.AsSpan(257));
        File.WriteAllBytes(folder["pytorch_model.bin"], tar);
        Assert.That(
            () => ModelGoldens.Gpt2().LoadWeights(folder.Path), Throws.TypeOf<TorchFileException>().With.Message.Contains("a tar file"));

        void Wrong(object root, string message)
        {
            TorchFile.Save(folder["pytorch_model.bin"], root);
            Assert.That(
                () => ModelGoldens.Gpt2().LoadWeights(folder.Path), Throws.TypeOf<TorchFileException>().With.Message.Contains(message));
        }
    }

    [Test]
    public void NamesFromTensorFlowAreRead()
    {
        using var folder = new TemporaryFolder();
        var model = ModelGoldens.Gpt2();
        static string Old(string name) => name.Contains("ln_", StringComparison.Ordinal)
            ? name.Replace("weight", "gamma", StringComparison.Ordinal).Replace("bias", "beta", StringComparison.Ordinal)
            : name;
        Write(folder.Path, model.NamedParameters().ToDictionary(entry => Old(entry.Name), entry => entry.Parameter.Value));
        Same(model, AutoModel.FromPretrained(folder.Path, "causal-lm", warn: message => Assert.Fail(message)));
    }

    [Test]
    public void HalfPrecisionFilesBecomeSinglePrecision(
        [Values(DType.Float16, DType.BFloat16)] DType dtype, [Values] bool safeSerialization)
    {
        using var folder = new TemporaryFolder();
        var model = ModelGoldens.Gpt2();
        model.To(dtype);
        model.SavePretrained(folder.Path, safeSerialization: safeSerialization);
        Assert.That(File.ReadAllText(folder["config.json"]), Does.Contain($"\"torch_dtype\": \"{dtype.TorchName}\""));
        var read = AutoModel.FromPretrained(folder.Path, "causal-lm");
        Assert.That(read.DType, Is.EqualTo(DType.Float32));
        model.To(DType.Float32);
        Same(model, read);
    }

    [Test]
    public void NamesWithoutTheBaseModelsPrefixAndOldBuffersAreRead()
    {
        using var folder = new TemporaryFolder();
        var model = ModelGoldens.Gpt2();
        var tensors = model.Transformer.NamedParameters().ToDictionary(entry => entry.Name, entry => entry.Parameter.Value);
        tensors["h.0.attn.bias"] = Tensor.Zeros([1, 1, 64, 64], DType.UInt8);
        tensors["h.1.attn.masked_bias"] = Tensor.Zeros([]);
        Write(folder.Path, tensors);
        Same(model, AutoModel.FromPretrained(folder.Path, "causal-lm", warn: message => Assert.Fail(message)));
    }

    [Test]
    public void AModelWithoutAHeadReadsTheFolderOfOneWithAHead()
    {
        var model = new Gpt2Model(Gpt2Config.FromPretrained(Tiny));
        var loaded = model.LoadWeights(Tiny);
        Assert.That((loaded.Missing, loaded.Unexpected), Is.EqualTo((Array.Empty<string>(), Array.Empty<string>())));
        Same(ModelGoldens.Gpt2().Transformer, model);
    }

    [Test]
    public void MissingAndUnexpectedNamesAreToldAndMissingOnesDrawn()
    {
        using var folder = new TemporaryFolder();
        var model = ModelGoldens.Gpt2();
        var tensors = model.NamedParameters().ToDictionary(entry => entry.Name, entry => entry.Parameter.Value);
        tensors.Remove("transformer.h.1.mlp.c_proj.weight");
        tensors["transformer.h.7.ln_1.weight"] = Tensor.Zeros([64]);
        Write(folder.Path, tensors);
        List<string> warnings = [];
        TorchGenerator.Default.Seed(7);
        var read = (Gpt2LMHeadModel)AutoModel.FromPretrained(folder.Path, "causal-lm", warn: warnings.Add);
        Assert.That(warnings, Has.Count.EqualTo(2));
        Assert.That(warnings[0], Does.Contain("no weights for transformer.h.1.mlp.c_proj.weight;"));
        Assert.That(warnings[1], Does.Contain("transformer.h.7.ln_1.weight"));

        // The layer draws, then its parent again with the smaller deviation: 64 * 256 numbers each.
        var expected = new float[256 * 64];
        var generator = new TorchGenerator(7);
        generator.Normal(expected, 0, 0.02);
        generator.Normal(expected, 0, 0.01);
        Assert.That(
            read.NamedParameters().Single(entry => entry.Name == "transformer.h.1.mlp.c_proj.weight").Parameter.Value.ToArray<float>(),
            Is.EqualTo(expected));
        Assert.That(TorchGenerator.Default.NextUInt32(), Is.EqualTo(generator.NextUInt32()), "nothing else was drawn");

        var loaded = ModelGoldens.Gpt2().LoadWeights(folder.Path);
        Assert.That(loaded.Missing, Is.EqualTo(new[] { "transformer.h.1.mlp.c_proj.weight" }));
        Assert.That(loaded.Unexpected, Is.EqualTo(new[] { "transformer.h.7.ln_1.weight" }));
    }

    [Test]
    public void ReadingDrawsNothing()
    {
        TorchGenerator.Default.Seed(3);
        ModelGoldens.Gpt2();
        Assert.That(TorchGenerator.Default.NextUInt32(), Is.EqualTo(new TorchGenerator(3).NextUInt32()));
    }

    [Test]
    public void AGenerationConfigOfTheFolderIsKept()
    {
        using var folder = new TemporaryFolder();
        ModelGoldens.Gpt2().SavePretrained(folder.Path);
        const string text = """
            {
              "max_new_tokens": 5,
              "no_such_option": 3,
              "num_beams": 4,
              "transformers_version": "4.37.2"
            }

            """;
        File.WriteAllText(folder["generation_config.json"], text);
        AutoModel.FromPretrained(folder.Path, "causal-lm").SavePretrained(folder["again"]);
        Assert.That(File.ReadAllText(Path.Combine(folder["again"], "generation_config.json")), Is.EqualTo(text));
    }

    [Test]
    public void ATensorThatDoesNotFitIsNamedAndNothingIsChanged()
    {
        using var folder = new TemporaryFolder();
        var tensors = ModelGoldens.Gpt2().NamedParameters().ToDictionary(entry => entry.Name, entry => entry.Parameter.Value);
        tensors["transformer.wte.weight"] = Tensor.Zeros([256, 64]);
        tensors["transformer.wpe.weight"] = Tensor.Zeros([32, 64]);
        Write(folder.Path, tensors);
        var model = ModelGoldens.Gpt2();
        Assert.That(() => model.LoadWeights(folder.Path), Throws.TypeOf<SafetensorsException>().With.Message.EqualTo(
            $"{folder["model.safetensors"]}: tensor 'transformer.wpe.weight' has shape [32, 64], expected [64, 64]"));
        Same(ModelGoldens.Gpt2(), model);

        tensors["transformer.wpe.weight"] = Tensor.Zeros([64, 64], DType.Int32);
        Write(folder.Path, tensors);
        Assert.That(
            () => model.LoadWeights(folder.Path),
            Throws.TypeOf<SafetensorsException>().With.Message.Contains("has dtype int32, expected float32"));
    }

    [Test]
    public void FoldersWithoutReadableWeightsAreNamed()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Tiny, "config.json"), folder["config.json"]);
        Assert.That(
            () => AutoModel.FromPretrained(folder.Path, "causal-lm"),
            Throws.TypeOf<FileNotFoundException>().With.Message.Contains("model.safetensors"));
        File.WriteAllText(folder["pytorch_model.bin"], "");
        Assert.That(
            () => AutoModel.FromPretrained(folder.Path, "causal-lm"),
            Throws.TypeOf<TorchFileException>().With.Message.Contains("pytorch_model.bin: is empty"));
        File.WriteAllBytes(folder["model.safetensors"], File.ReadAllBytes(Path.Combine(Tiny, "model.safetensors"))[..5000]);
        Assert.That(
            () => AutoModel.FromPretrained(folder.Path, "causal-lm"),
            Throws.TypeOf<SafetensorsException>().With.Message.Contains(folder["model.safetensors"]));
        Assert.That(
            () => ModelGoldens.Gpt2().LoadWeights(folder["nothing"]),
            Throws.TypeOf<DirectoryNotFoundException>().With.Message.Contains("nothing"));
    }

    private static Gpt2Config Small() =>
        new() { VocabSize = 16, HiddenSize = 8, NumHiddenLayers = 1, NumAttentionHeads = 2, NumPositions = 8 };

    private static void Write(string folder, Dictionary<string, Tensor> tensors)
    {
        File.Copy(Path.Combine(Tiny, "config.json"), Path.Combine(folder, "config.json"), overwrite: true);
        SafetensorsModel.Save(folder, tensors);
    }

    private static void Same(Module expected, Module actual)
    {
        var found = actual.NamedParameters(all: true).ToDictionary(entry => entry.Name, entry => entry.Parameter);
        Assert.That(found.Keys, Is.EqualTo(expected.NamedParameters(all: true).Select(entry => entry.Name)));
        foreach (var (name, parameter) in expected.NamedParameters(all: true))
        {
            Assert.That(found[name].Value.ToArray<float>(), Is.EqualTo(parameter.Value.ToArray<float>()), name);
        }
    }
}
