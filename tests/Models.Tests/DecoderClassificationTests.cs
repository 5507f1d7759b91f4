using NativeTrainer.Autograd;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests;

/// <summary>Heads that classify by a decoder's last token: where it is, which names and weights they have, what they refuse.</summary>
public class DecoderClassificationTests
{
    private static readonly string[] Names = ["gpt2-tiny", "llama-tiny", "qwen2-tiny", "mistral-tiny"];

    // Padding is 0: behind, in the middle, before, none.
    private static readonly Tensor Ids = Tensor.From(
        new long[] { 5, 17, 200, 31, 0, 0, 9, 0, 3, 0, 4, 4, 0, 0, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6 }, [4, 6]);

    private static readonly int[] Last = [3, 0, 5, 5];

    [Test]
    public void LogitsAreThoseOfTheLastToken([ValueSource(nameof(Names))] string name)
    {
        var (model, other) = (Make(name, padding: 0), Base(name));
        var weights = model.StateDict();
        Assert.That(model.NamedParameters().Last().Name, Is.EqualTo("score.weight"));
        var states = other.Forward(new Batch { ["input_ids"] = Ids }).LastHiddenState!.Value;
        var scores = states.Linear(weights["score.weight"]);
        var labels = Tensor.From(new long[] { 0, 1, 2, 1 }, [4]);
        var output = model.Forward(new Batch { ["input_ids"] = Ids, ["labels"] = labels });
        for (var row = 0; row < 4; row++)
        {
            Near.Check(output.Logits.Select(0, row), scores.Select(0, row).Select(0, Last[row]), 1e-6, $"row {row}");
        }
        Near.Check(output.Loss!.Value, output.Logits.CrossEntropy(labels), 1e-7, "loss");
        output.Loss!.Value.Backward();
        Assert.That(Near.Doubles(model.InputEmbeddings.Weight.Grad!.Value).Any(value => value != 0));
        var embedded = model.Forward(new Batch { ["inputs_embeds"] = model.InputEmbeddings.Forward(Ids) });
        Near.Check(embedded.Logits, scores.Select(1, 5), 1e-6, "embeddings");
    }

    [Test]
    public void SeveralTextsNeedPadding([ValueSource(nameof(Names))] string name)
    {
        var model = Make(name, padding: null);
        Assert.That(
            () => model.Forward(new Batch { ["input_ids"] = Ids }), Throws.ArgumentException.With.Message.Contains("pad_token_id is null"));
        Assert.That(model.Forward(new Batch { ["input_ids"] = Ids.Slice(0, 0, 1) }).Logits.Shape.ToString(), Is.EqualTo("[1, 3]"));
    }

    [Test]
    public void ASavedFolderNamesTheHead([ValueSource(nameof(Names))] string name)
    {
        using var folder = new TemporaryFolder();
        var model = Make(name, padding: 0);
        model.SavePretrained(folder.Path);
        Assert.That(File.ReadAllText(folder["config.json"]), Does.Contain($"\"{model.Architecture}\""));
        var read = AutoModel.FromPretrained(folder.Path, AutoModel.SequenceClassification, warn: message => Assert.Fail(message));
        var batch = new Batch { ["input_ids"] = Ids };
        Near.Check(read.Forward(batch).Logits, model.Forward(batch).Logits, 0, "logits");
    }

    [Test]
    public void Gpt2ClassifiesTokens()
    {
        var config = AutoModel.ConfigFromPretrained(ModelGoldens.Model("gpt2-tiny"));
        config.NumLabels = 3;
        var model = AutoModel.FromConfig(config, AutoModel.TokenClassification);
        model.Eval();
        var names = model.NamedParameters().Select(entry => entry.Name);
        Assert.That(names.TakeLast(2), Is.EqualTo(new[] { "classifier.weight", "classifier.bias" }));
        var labels = Ids.Clamp(max: 2);
        var output = model.Forward(new Batch { ["input_ids"] = Ids, ["labels"] = labels });
        Near.Check(output.Loss!.Value, output.Logits.Reshape(-1, 3).CrossEntropy(labels.Reshape(-1)), 1e-7, "loss");
        var before = output.Logits.ToArray<float>();
        model.Train(); // dropout is 0.1 where the configuration does not say
        Assert.That(model.Forward(new Batch { ["input_ids"] = Ids }).Logits.ToArray<float>(), Is.Not.EqualTo(before));
    }

    private static PretrainedConfig Config(string name)
    {
        var folder = ModelGoldens.Model(name);
        var config = AutoModel.ConfigFromPretrained(folder);
        config.NumLabels = 3;
        return config;
    }

    private static PreTrainedModel Make(string name, int? padding)
    {
        var config = Config(name);
        config.PadTokenId = padding;
        TorchGenerator.Default.Seed(1);
        var model = AutoModel.FromConfig(config, AutoModel.SequenceClassification);
        model.Eval();
        return model;
    }

    private static PreTrainedModel Base(string name)
    {
        var config = Config(name);
        config.PadTokenId = 0;
        TorchGenerator.Default.Seed(1);
        var model = AutoModel.FromConfig(config, AutoModel.BaseModel);
        model.Eval();
        return model;
    }
}
