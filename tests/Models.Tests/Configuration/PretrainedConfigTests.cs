using NativeTrainer.Models.Tests.Support;

namespace NativeTrainer.Models.Tests.Configuration;

/// <summary>config.json: read, checked, overridden, and written with Hugging Face's bytes.</summary>
public class PretrainedConfigTests
{
    private static readonly string TinyFile = Path.Combine(ModelGoldens.Model("gpt2-tiny"), "config.json");

    // What the folder of the real GPT-2 has, and those of models made from it.
    private const string RealFields = """
        "n_ctx": 1024, "task_specific_params": {"text-generation": {"do_sample": true, "max_length": 50}}, "output_past": true,
        "_num_labels": 1, "gradient_checkpointing": false, "predict_special_tokens": true, "xla_device": true,
        "id2label": {"0": "LABEL_0"}, "label2id": {"LABEL_0": 0}, "tokenizer_class": "BertTokenizer", "finetuning_task": null
        """;

    [Test]
    public void AFileComesBackByteForByte()
    {
        var config = Gpt2Config.FromPretrained(TinyFile);
        config.NameOrPath = "";
        Assert.That(config.ToJsonString(), Is.EqualTo(File.ReadAllText(TinyFile)));
    }

    [Test]
    public void TheFolderThatItCameFromIsWritten()
    {
        using var folder = new TemporaryFolder();
        File.Copy(TinyFile, folder["config.json"]);
        var config = AutoModel.ConfigFromPretrained(folder.Path);
        Assert.That(
            config.ToJsonString(),
            Is.EqualTo(
                File.ReadAllText(TinyFile).Replace("{\n", $"{{\n  \"_name_or_path\": \"{folder.Path}\",\n", StringComparison.Ordinal)));
    }

    [Test]
    public void DefaultsAreGpt2Smalls()
    {
        var config = new Gpt2Config();
        Assert.That(
            (config.VocabSize, config.HiddenSize, config.NumHiddenLayers, config.NumAttentionHeads, config.NumPositions, config.InnerSize),
            Is.EqualTo((50257, 768, 12, 12, 1024, 3072)));
        Assert.That(
            (config.BosTokenId, config.EosTokenId, config.PadTokenId, config.ResidDropout), Is.EqualTo((50256, 50256, (int?)null, 0.1)));
        Assert.That(
            config.ToJsonString(),
            Does.Contain("  \"layer_norm_epsilon\": 1e-05,\n").And.Contain("\"eos_token_id\": 50256")
                .And.Not.Contain("tie_word_embeddings").And.Not.Contain("top_k"));
    }

    [Test]
    public void WhatDiffersFromTheDefaultOfAllModelsIsWritten()
    {
        var config = new Gpt2Config { TieWordEmbeddings = false };
        (config["top_k"], config["eos_token_id"], config["num_beams"]) = (7L, null, 1L);
        Assert.That(
            config.ToJsonString(),
            Does.Contain("\"tie_word_embeddings\": false").And.Contain("\"top_k\": 7").And.Contain("\"eos_token_id\": null")
                .And.Not.Contain("num_beams"));
    }

    [Test]
    public void RealFoldersAreRead()
    {
        var config = Read($$"""{"model_type": "gpt2", "hidden_size": 96, "n_head": 12, {{RealFields}}}""");
        Assert.That(config.HiddenSize, Is.EqualTo(96), "hidden_size stands for n_embd");
        var text = config.ToJsonString();
        Assert.That(
            text,
            Does.Contain("\"n_ctx\": 1024").And.Contain("\"do_sample\": true").And.Contain("\"LABEL_0\": 0")
                .And.Contain("\"n_embd\": 96").And.Not.Contain("xla_device").And.Not.Contain("hidden_size"));
    }

    [TestCase("n_embed", "5", "unknown field n_embed; gpt2 knows activation_function")]
    [TestCase("n_embd", "\"big\"", "n_embd is \"big\", expected a whole number")]
    [TestCase("n_embd", "7", "n_embd is 7, expected a multiple of n_head")]
    [TestCase("n_layer", "0", "n_layer is 0, expected a whole number from 1 on")]
    [TestCase("n_layer", "null", "n_layer is null, expected a whole number")]
    [TestCase("n_layer", "2.5", "n_layer is 2.5, expected a whole number")]
    [TestCase("attn_pdrop", "1.5", "attn_pdrop is 1.5, expected a probability")]
    [TestCase("scale_attn_weights", "1", "scale_attn_weights is 1, expected true or false")]
    [TestCase("activation_function", "\"mish\"", "activation_function is \"mish\", expected one of gelu, gelu_accurate")]
    [TestCase("add_cross_attention", "true", "add_cross_attention is true, expected false")]
    [TestCase("pruned_heads", "{\"0\": [1]}", "pruned_heads is {\"0\": [1]}, expected {}")]
    [TestCase("gradient_checkpointing", "true", "gradient_checkpointing is true, expected false")]
    [TestCase("quantization_config", "{}", "quantization_config is {}, expected null")]
    [TestCase("problem_type", "\"ranking\"", "problem_type is \"ranking\", expected regression")]
    [TestCase("model_type", "\"bert\"", "model_type is \"bert\", expected gpt2")]
    [TestCase("num_labels", "0", "num_labels is 0, expected a whole number from 1 on")]
    public void AFieldThatDoesNotHoldIsNamed(string name, string value, string message) =>
        Assert.That(
            () => Read($$"""{"{{name}}": {{value}}}"""),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains($"config.json: {message}"));

    [TestCase("{\n  \"n_layer\": oops}", "line 2 is not JSON")]
    [TestCase("[1]", "found [1], expected an object")]
    public void AFileThatIsNoConfigurationIsNamed(string text, string message) =>
        Assert.That(
            () => Read(text), Throws.TypeOf<ConfigurationException>().With.Message.Contains("config.json").And.Message.Contains(message));

    [Test]
    public void AMissingFolderAndAnUnknownTypeAreNamed()
    {
        using var folder = new TemporaryFolder();
        Assert.That(
            () => AutoModel.ConfigFromPretrained(folder["nothing"]),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("no such file or folder"));
        Assert.That(
            () => AutoModel.ConfigFromPretrained(folder.Path),
            Throws.TypeOf<ConfigurationException>().With.Message.EqualTo($"{folder["config.json"]}: no such file"));
        File.WriteAllText(folder["config.json"], """{"model_type": "gpt3"}""");
        Assert.That(
            () => AutoModel.ConfigFromPretrained(folder.Path),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains(
                "model_type is \"gpt3\", expected one of ").And.Message.Contains("gpt2"));
        File.WriteAllText(folder["config.json"], "{}");
        Assert.That(
            () => AutoModel.ConfigFromPretrained(folder.Path),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("has no model_type"));
        Assert.That(
            () => AutoModel.FromConfig(new Gpt2Config(), "translation"),
            Throws.TypeOf<NotSupportedException>().With.Message.Contains("causal-lm"));
    }

    [Test]
    public void OverridesTakeTheTypeOfTheOldValue()
    {
        var config = Gpt2Config.FromPretrained(TinyFile);
        config.UpdateFromString("vocab_size=512,n_layer=1,resid_pdrop=0.25,use_cache=no,activation_function=relu,hidden_size=8");
        Assert.That(
            (config.VocabSize, config.NumHiddenLayers, config.ResidDropout, config.UseCache, config.ActivationFunction, config.HiddenSize),
            Is.EqualTo((512, 1, 0.25, false, "relu", 8)));
        config.UpdateFromString("attn_pdrop=0");
        Assert.That(config.ToJsonString(), Does.Contain("\"attn_pdrop\": 0.0"), "a real number stays one");
    }

    [TestCase("n_layers=2", "config_overrides: unknown field n_layers")]
    [TestCase("n_layer=two", "n_layer=two: found \"two\", expected a whole number")]
    [TestCase("n_layer=2.0", "n_layer=2.0: found \"2.0\", expected a whole number")]
    [TestCase("use_cache=maybe", "use_cache=maybe: found \"maybe\", expected true or false")]
    [TestCase("resid_pdrop=much", "resid_pdrop=much: found \"much\", expected a number")]
    [TestCase("n_inner=128", "n_inner=128: found \"128\", expected another field")]
    [TestCase("n_layer", "found \"n_layer\", expected field=value")]
    [TestCase("n_layer=1,", "found \"\", expected field=value")]
    [TestCase("n_layer=1,n_head=3", "config_overrides: n_embd is 64, expected a multiple of n_head, which is 3")]
    public void OverridesThatDoNotHoldChangeNothing(string overrides, string message)
    {
        var config = Gpt2Config.FromPretrained(TinyFile);
        var before = config.ToJsonString();
        Assert.That(() => config.UpdateFromString(overrides), Throws.TypeOf<ConfigurationException>().With.Message.Contains(message));
        Assert.That(config.ToJsonString(), Is.EqualTo(before));
    }

    private static Gpt2Config Read(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], text);
        return Gpt2Config.FromPretrained(folder.Path);
    }
}
