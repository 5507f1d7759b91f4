using NativeTrainer.Autograd;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Llama;

/// <summary>Every field of the configuration is honoured or refused by name; files of newer versions are understood.</summary>
public class LlamaConfigTests
{
    [TestCase("pretraining_tp", "2", "pretraining_tp is 2, expected 1: nothing else is supported for llama")]
    [TestCase("num_key_value_heads", "3", "num_key_value_heads is 3, expected a divisor of num_attention_heads, which is 32")]
    [TestCase("hidden_size", "100", "hidden_size is 100, expected a multiple of num_attention_heads, which is 32")]
    [TestCase("head_dim", "5", "head_dim is 5, expected an even number")]
    [TestCase("hidden_act", "\"mish\"", "hidden_act is \"mish\", expected one of gelu")]
    [TestCase("attention_dropout", "1.5", "attention_dropout is 1.5, expected a probability")]
    [TestCase("attention_bias", "1", "attention_bias is 1, expected true or false")]
    [TestCase("rms_norm_eps", "-1.0", "rms_norm_eps is -1.0, expected a number from 0 on")]
    [TestCase("rope_theta", "0", "rope_theta is 0, expected a number above 0")]
    [TestCase("pad_token_id", "40000", "pad_token_id is 40000, expected an id below vocab_size, which is 32000")]
    [TestCase("rope_scaling", "2", "rope_scaling is 2, expected null or an object")]
    [TestCase("rope_scaling", "{\"type\": \"yarn\", \"factor\": 2.0}", "expected type (or rope_type) linear, dynamic, llama3 or default")]
    [TestCase("rope_scaling", "{\"type\": \"linear\"}", "expected factor in it, a number from 1 on")]
    [TestCase("rope_scaling", "{\"type\": \"linear\", \"factor\": 0.5}", "expected factor in it, a number from 1 on")]
    [TestCase("rope_scaling", "{\"type\": \"linear\", \"factor\": 2.0, \"beta\": 1}", "expected nothing called beta in it for type \"linear\"")]
    [TestCase("rope_scaling", "{\"rope_type\": \"llama3\", \"factor\": 8.0}", "expected low_freq_factor in it")]
    [TestCase("attn_implementation", "\"paged\"", "attn_implementation is \"paged\", expected eager or flash_attention_2 or sdpa")]
    [TestCase("sliding_window", "8", "unknown field sliding_window; llama knows attention_bias, ")]
    public void AFieldThatDoesNotHoldIsNamed(string name, string value, string message) =>
        Assert.That(() => Read($$"""{"{{name}}": {{value}}}"""), Throws.TypeOf<ConfigurationException>().With.Message.Contains(message));

    [Test]
    public void DefaultsAreHuggingFaces()
    {
        Assert.That(new LlamaConfig { NumKeyValueHeads = 32 }.ToJsonString(), Does.Contain("\"intermediate_size\": 11008,"));
        var config = new LlamaConfig { NumAttentionHeads = 16 };
        Assert.That((config.NumKeyValueHeads, config.HeadDim), Is.EqualTo((16, 256)));
        config.Validate();
        Assert.That(config.ToJsonString(), Does.Contain("\"num_key_value_heads\": 16").And.Not.Contain("head_dim"));
        var (mistral, qwen2) = (new MistralConfig(), new Qwen2Config());
        Assert.That((mistral.SlidingWindow, mistral.NumKeyValueHeads, mistral.MaxPositions), Is.EqualTo((4096, 8, 131072)));
        Assert.That((qwen2.VocabSize, qwen2.IntermediateSize, qwen2.WindowOf(0)), Is.EqualTo((151936, 22016, default(int?))));
    }

    [Test]
    public void HeadsOfTheirOwnSizeAndBiasesEverywhereAreHonoured()
    {
        var config = Small();
        (config.HeadDim, config.AttentionBias, config.MlpBias) = (6, true, true);
        var model = new LlamaForCausalLM(config);
        var shapes = model.NamedParameters().ToDictionary(entry => entry.Name, entry => entry.Parameter.Shape.ToString());
        Assert.That(shapes["model.layers.0.self_attn.q_proj.weight"], Is.EqualTo("[24, 16]"));
        Assert.That(shapes["model.layers.0.self_attn.o_proj.weight"], Is.EqualTo("[16, 24]"));
        Assert.That(shapes.Keys.Count(name => name.EndsWith("_proj.bias", StringComparison.Ordinal)), Is.EqualTo(7));
        var ids = Tensor.From([1L, 2, 3], [1, 3]);
        Assert.That(model.Forward(ids, labels: ids).Loss!.Value.Item<float>(), Is.EqualTo(Math.Log(32)).Within(0.1));
    }

    [Test]
    public void FilesOfNewerVersionsAreUnderstoodAndWrittenAsThisVersionDoes()
    {
        var config = Read("""
            {"dtype": "bfloat16", "rope_parameters": {"rope_theta": 500000.0, "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
            "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}, "_attn_implementation_autoset": true}
            """);
        Assert.That((config["torch_dtype"], config.RopeTheta), Is.EqualTo(("bfloat16", 500000.0)));
        Assert.That(config.RopeScaling!["rope_type"], Is.EqualTo("llama3"));
        Assert.That(config.ToJsonString(), Does.Not.Contain("rope_parameters").And.Not.Contain("\"dtype\"").And.Not.Contain("_attn"));
        config = Read("""{"rope_parameters": {"rope_theta": 20000.0, "rope_type": "default"}}""");
        Assert.That((config.RopeScaling, config.RopeTheta), Is.EqualTo((default(IReadOnlyDictionary<string, object?>), 20000.0)));
    }

    /// <summary>The formula of Llama 3.1's paper and code, in double: https://arxiv.org/abs/2407.21783.</summary>
    [Test]
    public void Llama3sScalingStretchesSlowFrequencies()
    {
        var tables = new RotaryTables(128, 131072, 500000, RotaryScaling.Llama3, 8, new RotaryBands(1, 4, 8192));
        for (var i = 0; i < 64; i++)
        {
            var plain = Math.Pow(500000, -2.0 * i / 128);
            var wave = 2 * Math.PI / plain;
            var kept = Math.Clamp(((8192 / wave) - 1) / (4 - 1), 0, 1);
            var expected = ((1 - kept) * plain / 8) + (kept * plain);
            Assert.That(tables.InverseFrequencies[i], Is.EqualTo(expected).Within(expected * 1e-5), $"frequency {i}");
        }
        Assert.That(tables.InverseFrequencies[63] * 8, Is.EqualTo(Math.Pow(500000, -126.0 / 128)).Within(1e-9));
    }

    [Test]
    public void DynamicScalingRemembersItsLongestInput()
    {
        using var silent = NoGrad.Enter();
        var config = Small();
        (config.MaxPositionEmbeddings, config.RopeScaling) = (4, new Dictionary<string, object?> { ["type"] = "dynamic", ["factor"] = 2.0 });
        TorchGenerator.Default.Seed(1);
        var model = new LlamaForCausalLM(config);
        var ids = Tensor.From([1L, 2, 3, 4, 5, 6, 7, 8], [1, 8]);
        var first = Near.Doubles(model.Forward(ids.Slice(1, 0, 3)).Logits);
        model.Forward(ids);
        Assert.That(Near.Doubles(model.Forward(ids.Slice(1, 0, 3)).Logits), Is.Not.EqualTo(first), "the tables of the long input serve");
    }

    [Test]
    public void DropoutOfAttentionIsApplied()
    {
        var config = Small();
        config.AttentionDropout = 0.5;
        var model = new LlamaForCausalLM(config);
        var ids = Tensor.From([1L, 2, 3, 4], [1, 4]);
        double[] Logits() => Near.Doubles(model.Forward(ids).Logits);
        model.Eval();
        Assert.That(Logits(), Is.EqualTo(Logits()));
        model.Train();
        Assert.That(Logits(), Is.Not.EqualTo(Logits()));
    }

    [Test]
    public void AnIdBeyondTheVocabularyIsNamed() =>
        Assert.That(
            () => new LlamaForCausalLM(Small()).Forward(Tensor.From([1L, 32], [1, 2])),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("id 32 at 1 names no row of a table with 32"));

    [Test]
    public void AStepAllocatesItsOutputAlone()
    {
        var model = AutoModel.FromPretrained(ModelGoldens.Model("mistral-tiny"), AutoModel.CausalLanguageModel);
        model.Train();
        var ids = Tensor.From(Enumerable.Range(1, 32).Select(id => (long)id).ToArray(), [2, 16]);
        var batch = new Batch { ["input_ids"] = ids, ["attention_mask"] = Tensor.Ones([2, 16], DType.Int64), ["labels"] = ids };
        var pool = new TensorPool();
        Assert.That(Allocations.OfTen(Step), Is.LessThanOrEqualTo(10 * 200), "bytes of ten steps, each with one ModelOutput");

        void Step()
        {
            using var scope = pool.Enter();
            model.Forward(batch).Loss!.Value.Backward();
        }
    }

    private static LlamaConfig Small() => new()
    {
        VocabSize = 32, HiddenSize = 16, IntermediateSize = 24, NumHiddenLayers = 1, NumAttentionHeads = 4, NumKeyValueHeads = 2,
        MaxPositionEmbeddings = 16,
    };

    private static LlamaConfig Read(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], text);
        return LlamaConfig.FromPretrained(folder.Path);
    }
}
