using NativeTrainer.Autograd;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.T5;

/// <summary>Logits, loss, hidden states, attention weights and every gradient as Hugging Face computes them.</summary>
public class T5ForwardTests
{
    private static readonly string[] Names = ["t5-tiny", "t5-gated-tiny"];

    private static IEnumerable<TestCaseData> Cases =>
        from name in Names
        from entry in ForwardGolden.Cases(name)
        from dtype in new[] { DType.Float32, DType.Float64 }
        select new TestCaseData(name, entry, dtype);

    [TestCaseSource(nameof(Cases))]
    public void LogitsLossAndGradientsAreHuggingFaces(string name, string entry, DType dtype) =>
        new ForwardGolden(name).Check(Model(name, dtype), entry, dtype);

    [Test]
    public void CheckpointingChangesNoGradient([ValueSource(nameof(Names))] string name, [Values("right", "decoder_inputs")] string entry)
    {
        var model = Model(name, DType.Float64);
        model.Train();
        model.EnableGradientCheckpointing();
        Assert.That(model.Encoder.GradientCheckpointing && model.Decoder.GradientCheckpointing);
        new ForwardGolden(name).Check(model, entry, DType.Float64);
    }

    [Test]
    public void HiddenStatesAndAttentionsAreHuggingFaces(
        [ValueSource(nameof(Names))] string name, [Values(DType.Float32, DType.Float64)] DType dtype, [Values] bool byConfiguration)
    {
        var (model, golden) = (Model(name, dtype), new ForwardGolden(name));
        var inputs = golden.Inputs("right", dtype);
        (model.Config.OutputHiddenStates, model.Config.OutputAttentions) = (byConfiguration, byConfiguration);
        var output = byConfiguration
            ? model.Forward(inputs)
            : model.Forward(new T5Inputs
            {
                InputIds = inputs["input_ids"],
                AttentionMask = inputs["attention_mask"],
                Labels = inputs["labels"],
                OutputHiddenStates = true,
                OutputAttentions = true,
            });
        Lists("encoder_hidden_states", output.EncoderHiddenStates, 3);
        Lists("decoder_hidden_states", output.DecoderHiddenStates, 3);
        Lists("encoder_attentions", output.EncoderAttentions, 2);
        Lists("decoder_attentions", output.DecoderAttentions, 2);
        Lists("cross_attentions", output.CrossAttentions, 2);
        golden.Check(model, "right", dtype, output);

        void Lists(string what, IReadOnlyList<Tensor>? list, int count)
        {
            Assert.That(list, Has.Count.EqualTo(count), what);
            for (var i = 0; i < count; i++)
            {
                Near.Check(list![i], golden[$"right.{what}.{i}"], ForwardGolden.Tolerance(dtype), $"{what} {i}");
            }
        }
    }

    [Test]
    public void OneTokenAtATimeGivesTheSameLogits(
        [ValueSource(nameof(Names))] string name, [Values(DType.Float32, DType.Float64)] DType dtype)
    {
        using var silent = NoGrad.Enter();
        var (model, golden) = (Model(name, dtype), new ForwardGolden(name));
        var (ids, mask, given) = (
            golden["long_decoder.in.input_ids"], golden["long_decoder.in.attention_mask"], golden["long_decoder.in.decoder_input_ids"]);
        var cache = new KeyValueCache();
        var encoded = model.Encode(ids, mask);
        for (var at = 0; at < 6; at++)
        {
            var logits = ((ISeq2SeqLanguageModel)model).NextTokenLogits(given.Slice(1, at, at + 1), encoded, mask, cache);
            Near.Check(logits, golden["incremental.logits"].Select(1, at), ForwardGolden.Tolerance(dtype), $"token {at}");
            var whole = ((ISeq2SeqLanguageModel)model).NextTokenLogits(given.Slice(1, 0, at + 1), encoded, mask, null);
            Near.Check(whole, logits, 10 * ForwardGolden.Tolerance(dtype), "without a cache");
        }
        Assert.That((cache.Length, cache.CrossAttention.Length), Is.EqualTo((6, 7)));

        cache.Clear();
        ((ISeq2SeqLanguageModel)model).NextTokenLogits(given.Slice(1, 0, 3), encoded, mask, cache);
        var output = model.Forward(new T5Inputs
        {
            EncoderStates = encoded, AttentionMask = mask, DecoderInputIds = given.Slice(1, 3, 6), PastKeyValues = cache, UseCache = true,
        });
        Near.Check(output.Logits, golden["incremental.logits"].Slice(1, 3, 6), ForwardGolden.Tolerance(dtype), "three at once");
        Assert.That(output.Items().Count(item => item.Name == "past_key_values"), Is.EqualTo(8));
    }

    [Test]
    public void TheModelsWithoutAHeadGiveTheStatesBeforeIt()
    {
        var (golden, config) = (new ForwardGolden("t5-tiny"), T5Config.FromPretrained(ModelGoldens.Model("t5-tiny")));
        var inputs = golden.Inputs("right", DType.Float32);
        List<string> warnings = [];
        var encoder = AutoModel.FromPretrained(ModelGoldens.Model("t5-tiny"), AutoModel.Encoder, config, warn: warnings.Add);
        var output = encoder.Forward(inputs.Without("labels"));
        Near.Check(output.LastHiddenState!.Value, golden["right.encoder_hidden_states.2"], 1e-5, "encoder");
        var both = AutoModel.FromPretrained(ModelGoldens.Model("t5-tiny"), AutoModel.BaseModel, config, warn: warnings.Add);
        var shifted = Model("t5-tiny", DType.Float32).PrepareDecoderInputIdsFromLabels(inputs["labels"]);
        inputs["decoder_input_ids"] = shifted;
        output = both.Forward(inputs.Without("labels"));
        Near.Check(output.LastHiddenState!.Value, golden["right.decoder_hidden_states.2"], 1e-5, "decoder");
        Assert.That(output.Items().Select(item => item.Name), Is.EqualTo(new[] { "last_hidden_state", "encoder_last_hidden_state" }));
        Assert.That(warnings, Is.Empty);
    }

    private static T5ForConditionalGeneration Model(string name, DType dtype) => T5Models.Make(name, dtype);
}
