using NativeTrainer.Autograd;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests;

/// <summary>Models by type and task, one's own included.</summary>
public class AutoModelTests
{
    [Test]
    public void TypesAndConfigurationsAreFoundByName()
    {
        Assert.That(AutoModel.ModelTypes, Does.Contain("gpt2"));
        Assert.That(AutoModel.ConfigForType("gpt2"), Is.TypeOf<Gpt2Config>());
        Assert.That(
            () => AutoModel.ConfigForType("gpt5"),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains(
                "model_type is \"gpt5\", expected one of ").And.Message.Contains("gpt2"));
    }

    [Test]
    public void AModelOfOnesOwnJoins()
    {
        AutoModel.Register("tiny-own", "causal-lm", () => new OwnConfig(), config => new OwnModel((OwnConfig)config));
        using var folder = new TemporaryFolder();
        TorchGenerator.Default.Seed(1);
        var model = AutoModel.FromConfig(AutoModel.ConfigForType("tiny-own"), "causal-lm");
        model.SavePretrained(folder.Path);
        Assert.That(File.Exists(folder["generation_config.json"]), Is.False, "it does not generate");
        var read = AutoModel.FromPretrained(folder.Path, "causal-lm", warn: message => Assert.Fail(message));
        Assert.That(read, Is.TypeOf<OwnModel>());
        Assert.That(read.InputEmbeddings.Weight.Value.ToArray<float>(), Is.EqualTo(model.InputEmbeddings.Weight.Value.ToArray<float>()));
    }

    private sealed class OwnConfig() : PretrainedConfig("tiny-own", [new("vocab_size", 10L)], new Dictionary<string, string>());

    private sealed class OwnModel : PreTrainedModel
    {
        public OwnModel(OwnConfig config)
            : base(config)
        {
            InputEmbeddings = AddModule("embedding", new Embedding(config.VocabSize, 4));
            PostInit();
        }

        public override string Architecture => "OwnModel";

        public override string BaseModelPrefix => "own";

        public override IReadOnlyList<string> ForwardArguments => ["input_ids"];

        public override Embedding InputEmbeddings { get; }

        public override ModelOutput Forward(Batch batch) => new() { LastHiddenState = InputEmbeddings.Forward(batch["input_ids"]) };

        protected override void InitWeights(Module module)
        {
        }
    }
}
