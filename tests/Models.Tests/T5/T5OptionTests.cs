using NativeTrainer.Autograd;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.T5;

/// <summary>Fields and arguments that the goldens leave at their defaults, files, and inputs that do not fit.</summary>
public class T5OptionTests
{
    private static readonly Tensor Ids = Tensor.From(new long[] { 5, 17, 200, 31, 8, 9, 77, 3 }, [2, 4]);

    [Test]
    public void AFolderComesBackByteForByte()
    {
        using var folder = new TemporaryFolder();
        var tiny = ModelGoldens.Model("t5-tiny");
        var model = AutoModel.FromPretrained(tiny, "seq2seq", warn: message => Assert.Fail(message));
        model.Config.NameOrPath = "";
        model.SavePretrained(folder.Path);
        foreach (var file in Directory.GetFiles(tiny))
        {
            Assert.That(File.ReadAllBytes(folder[Path.GetFileName(file)]), Is.EqualTo(File.ReadAllBytes(file)), Path.GetFileName(file));
        }
    }

    [Test]
    public void AGatedConfigurationComesBackAsItWas()
    {
        var file = Path.Combine(ModelGoldens.Model("t5-gated-tiny"), "config.json");
        var config = T5Config.FromPretrained(file);
        config.NameOrPath = "";
        Assert.That(config.ToJsonString(), Is.EqualTo(File.ReadAllText(file)));
    }

    [TestCase("gated-gelu", "gelu_new", true)]
    [TestCase("gated-silu", "silu", true)]
    [TestCase("gelu", "gelu", false)]
    public void TheFeedForwardLayersFollowTheirName(string projection, string activation, bool isGated)
    {
        var config = new T5Config { FeedForwardProjection = projection, NumLayers = 3 };
        config.Validate();
        Assert.That((config.DenseActivation, config.IsGatedActivation, config.NumDecoderLayers), Is.EqualTo((activation, isGated, 3)));
        config = new T5Config();
        config.UpdateFromString($"feed_forward_proj={projection},num_layers=2");
        Assert.That((config.DenseActivation, config.IsGatedActivation, config.NumDecoderLayers), Is.EqualTo((activation, isGated, 6)));
    }

    [Test]
    public void DropoutIsActiveInTrainingAloneAndCheckpointsDrawItAgain()
    {
        var model = T5Models.Make("t5-gated-tiny", change: config => config.DropoutRate = 0.3);
        var inputs = new T5Inputs { InputIds = Ids, AttentionMask = Mask(0), Labels = Ids };
        var expected = T5Models.Make("t5-gated-tiny").Forward(inputs).Logits;
        Near.Check(model.Forward(inputs).Logits, expected, 1e-7, "evaluation");
        model.Train();
        Assert.That(model.Forward(inputs).Logits.ToArray<float>(), Is.Not.EqualTo(model.Forward(inputs).Logits.ToArray<float>()));

        var (plain, again) = (Gradients(), Gradients(checkpointing: true));
        foreach (var (name, gradient) in plain)
        {
            var tolerance = 1e-6 * gradient.Max(Math.Abs); // layers' gradients of the encoder's states are summed in another order
            Assert.That(again[name], Is.EqualTo(gradient).Within(tolerance), name);
        }

        Dictionary<string, float[]> Gradients(bool checkpointing = false)
        {
            if (checkpointing) model.EnableGradientCheckpointing();
            model.ZeroGrad();
            RandomState.ManualSeed(3);
            model.Forward(inputs).Loss!.Value.Backward();
            return model.NamedParameters().ToDictionary(entry => entry.Name, entry => entry.Parameter.Grad!.Value.ToArray<float>());
        }
    }

    [Test]
    public void EmbeddingsAndAMaskForEachQueryMayBeGiven()
    {
        var model = T5Models.Make("t5-tiny");
        var plain = model.Forward(
            new T5Inputs { InputIds = Ids, AttentionMask = Mask(0), DecoderInputIds = Ids, DecoderAttentionMask = Mask(0) });
        var seen = Mask(0).ToArray<long>();
        long Causal(int i) => i % 4 <= i / 4 % 4 ? seen[(i / 16 * 4) + (i % 4)] : 0;
        var causal = Tensor.From(Enumerable.Range(0, 32).Select(Causal).ToArray(), [2, 4, 4]);
        var other = model.Forward(new T5Inputs
        {
            InputsEmbeds = model.InputEmbeddings.Forward(Ids), AttentionMask = Mask(0),
            DecoderInputsEmbeds = model.InputEmbeddings.Forward(Ids), DecoderAttentionMask = causal,
        });
        Near.Check(other.Logits, plain.Logits, 1e-6, "logits");
    }

    [Test]
    public void AFloat16StreamStaysFinite()
    {
        var model = T5Models.Make("t5-tiny");
        foreach (var (name, parameter) in model.NamedParameters())
        {
            if (!name.Contains(".wo.", StringComparison.Ordinal)) continue;
            foreach (ref var value in parameter.Value.AsSpan<float>()) value *= 1e5f;
            parameter.Value.MarkChanged();
        }
        model.To(DType.Float16);
        var states = model.Forward(new T5Inputs { InputIds = Ids, Labels = Ids, OutputHiddenStates = true }).EncoderHiddenStates!;
        var values = states[1].ToArray<Half>();
        Assert.That(values.Count(value => Half.Abs(value) == (Half)64504), Is.GreaterThan(0), "cut off a thousand below the largest");
        Assert.That(states.SelectMany(state => state.ToArray<Half>()).All(Half.IsFinite));
    }

    [Test]
    public void LabelsMoveRightBehindTheStart()
    {
        var labels = Tensor.From(new long[] { 7, 8, -100, 9, -100, -100 }, [2, 3]);
        var model = T5Models.Make("t5-tiny", change: config => (config.DecoderStartTokenId, config.PadTokenId) = (5, 2));
        Assert.That(model.PrepareDecoderInputIdsFromLabels(labels).ToArray<long>(), Is.EqualTo(new long[] { 5, 7, 8, 5, 9, 2 }));
        model.Config.DecoderStartTokenId = null;
        Assert.That(
            () => model.PrepareDecoderInputIdsFromLabels(labels),
            Throws.InvalidOperationException.With.Message.Contains("needs decoder_start_token_id"));
    }

    [Test]
    public void AStepAllocatesNextToNothing()
    {
        var model = T5Models.Make("t5-tiny");
        var cache = new KeyValueCache(8);
        var encoded = model.Encode(Ids, Mask(0)).Keep();
        var pool = new TensorPool();
        using var silent = NoGrad.Enter();
        var (mask, last) = (Mask(0), Ids.Slice(1, 3, 4));
        Assert.That(Allocations.OfTen(Step), Is.Zero, "bytes of ten steps of a decoder");

        void Step()
        {
            using var scope = pool.Enter();
            cache.Clear();
            ((ISeq2SeqLanguageModel)model).NextTokenLogits(last, encoded, mask, cache);
            ((ISeq2SeqLanguageModel)model).NextTokenLogits(last, encoded, mask, cache);
        }
    }

    [Test]
    public void WhatDoesNotFitIsRefused()
    {
        var model = T5Models.Make("t5-tiny");
        Refused(new T5Inputs { Labels = Ids }, "T5 takes either input_ids or inputs_embeds");
        Refused(new T5Inputs { InputIds = Ids }, "T5 takes either decoder_input_ids or decoder_inputs_embeds");
        Refused(new T5Inputs { InputIds = Ids, Labels = Ids, AttentionMask = Ids }, "attention_mask holds 0 and 1, found 5 in row 0 at 0");
        Refused(
            new T5Inputs { InputIds = Ids, Labels = Ids.Slice(0, 0, 1) }, "the encoder's states are [batch, length, features] for 1 rows");
        Refused(new T5Inputs { InputIds = Ids, DecoderInputIds = Ids, Labels = Ids.Slice(1, 0, 2) }, "labels are [batch, length]");
        Refused(
            new T5Inputs { InputIds = Ids, Labels = Ids, DecoderAttentionMask = Mask(0).Slice(1, 0, 3) },
            "decoder_attention_mask is whole numbers [batch, positions], here [2, 4]");
        Assert.That(
            () => model.Forward(new Batch { ["input_ids"] = Ids, ["head_mask"] = Ids }),
            Throws.ArgumentException.With.Message.Contains("the batch also has head_mask"));
        foreach (var (field, value) in new[]
        {
            ("feed_forward_proj", "gated-gelu-x"), ("feed_forward_proj", "relu-x"), ("dense_act_fn", (object)"sine"), ("num_heads", 0),
            ("is_encoder_decoder", false), ("dropout_rate", 1.0), ("relative_attention_max_distance", 4),
        })
        {
            Assert.That(
                () => T5Models.Make("t5-tiny", change: config => config.Set(field, value)),
                Throws.InstanceOf<ConfigurationException>().With.Message.Contains(field));
        }

        void Refused(T5Inputs inputs, string message) =>
            Assert.That(() => model.Forward(inputs), Throws.ArgumentException.With.Message.Contains(message));
    }

    private static Tensor Mask(int hidden) =>
        Tensor.From(Enumerable.Range(0, 8).Select(i => i == hidden || i == 7 ? 0L : 1).ToArray(), [2, 4]);
}
