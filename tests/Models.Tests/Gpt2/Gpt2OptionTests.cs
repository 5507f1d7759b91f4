using NativeTrainer.Autograd;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Gpt2;

/// <summary>
/// Fields and arguments that the goldens leave at their defaults, by what must follow from them; and inputs that do not fit.
/// </summary>
public class Gpt2OptionTests
{
    private static readonly Tensor Ids = Tensor.From(new long[] { 5, 17, 200, 31, 8, 9, 77, 3 }, [2, 4]);

    [Test]
    public void EmbeddingsMayBeGivenInPlaceOfIds()
    {
        var model = ModelGoldens.Gpt2();
        var embeddings = model.InputEmbeddings.Forward(Ids);
        Near.Check(model.Forward(inputsEmbeds: embeddings).Logits, model.Forward(Ids).Logits, 1e-7, "logits");
    }

    [Test]
    public void TokenTypesAddTheirEmbeddings()
    {
        var model = ModelGoldens.Gpt2();
        var types = Tensor.From(new long[] { 1, 1, 2, 2, 1, 2, 3, 4 }, [2, 4]);
        var expected = model.Forward(inputsEmbeds: model.InputEmbeddings.Forward(Ids) + model.InputEmbeddings.Forward(types)).Logits;
        Near.Check(model.Forward(new Batch { ["input_ids"] = Ids, ["token_type_ids"] = types }).Logits, expected, 1e-6, "logits");
    }

    [Test]
    public void AnUnscaledModelIsAScaledOneWithLargerQueries()
    {
        // A head has 16 numbers: scores without 1 / 4 are those of queries four times as large.
        var (plain, scaled) = (With("scale_attn_weights", false), ModelGoldens.Gpt2());
        ScaleQueries(scaled, layer => 4);
        Near.Check(plain.Forward(Ids).Logits, scaled.Forward(Ids).Logits, 1e-6, "logits");

        plain = With("scale_attn_by_inverse_layer_idx", true);
        scaled = ModelGoldens.Gpt2();
        ScaleQueries(scaled, layer => 1f / (layer + 1));
        Near.Check(plain.Forward(Ids).Logits, scaled.Forward(Ids).Logits, 1e-6, "logits");
    }

    [Test]
    public void UpcastAttentionIsTheSameNumbers() =>
        Near.Check(With("reorder_and_upcast_attn", true).Forward(Ids).Logits, ModelGoldens.Gpt2().Forward(Ids).Logits, 1e-7, "logits");

    [TestCase("relu")]
    [TestCase("gelu")]
    [TestCase("silu")]
    [TestCase("quick_gelu")]
    [TestCase("tanh")]
    [TestCase("linear")]
    public void TheActivationIsTheOneThatIsNamed(string name)
    {
        var model = With("activation_function", name);
        var reference = ModelGoldens.Gpt2().Forward(Ids).Logits.ToArray<float>();
        Assert.That(model.Forward(Ids).Logits.ToArray<float>(), Is.Not.EqualTo(reference));
        Assert.That(
            Activations.Named("gelu_fast")(Tensor.From([0.5f, -1f], [2])).ToArray<float>(),
            Is.EqualTo(Activations.Named("gelu_new")(Tensor.From([0.5f, -1f], [2])).ToArray<float>()));
    }

    [Test]
    public void AnInnerSizeOfOnesOwnIsTaken()
    {
        var model = new Gpt2LMHeadModel(
            new Gpt2Config { VocabSize = 20, HiddenSize = 8, NumHiddenLayers = 1, NumAttentionHeads = 2, NumPositions = 4, InnerSize = 5 });
        Assert.That(
            model.NamedParameters().Single(
                entry => entry.Name.EndsWith("c_fc.weight", StringComparison.Ordinal)).Parameter.Shape.ToString(),
            Is.EqualTo("[8, 5]"));
        Assert.That(model.Config.ToJsonString(), Does.Contain("\"n_inner\": 5"));
    }

    [TestCase("resid_pdrop")]
    [TestCase("embd_pdrop")]
    [TestCase("attn_pdrop")]
    public void DropoutIsActiveInTrainingAlone(string name)
    {
        var model = With(name, 0.5);
        var expected = ModelGoldens.Gpt2().Forward(Ids).Logits;
        Near.Check(model.Forward(Ids).Logits, expected, 1e-7, "evaluation");
        model.Train();
        float[] first = model.Forward(Ids).Logits.ToArray<float>(), second = model.Forward(Ids).Logits.ToArray<float>();
        Assert.That(first, Is.Not.EqualTo(expected.ToArray<float>()));
        Assert.That(first, Is.Not.EqualTo(second));
        model.Forward(Ids, labels: Ids).Loss!.Value.Backward();
    }

    [Test]
    public void AttentionWeightsOfCausalRowsSumToOne()
    {
        var weights = ModelGoldens.Gpt2().Forward(Ids, outputAttentions: true).Attentions![0];
        foreach (var sum in weights.Sum([-1]).ToArray<float>()) Assert.That(sum, Is.EqualTo(1).Within(1e-6));
        Assert.That(weights.Select(2, 0).Select(2, 1).ToArray<float>(), Is.All.Zero, "the first query does not see the second key");
    }

    [Test]
    public void IgnoredLabelsDoNotCount()
    {
        var model = ModelGoldens.Gpt2();
        var labels = Tensor.From(new long[] { 5, -100, -100, -100, -100, -100, -100, 3 }, [2, 4]);
        var expected = -Near.Doubles(model.Forward(Ids).Logits.LogSoftmax(-1).Select(0, 1).Select(0, 2))[3];
        Assert.That(model.Forward(Ids, labels: labels).Loss!.Value.Item<float>(), Is.EqualTo(expected).Within(1e-5));
        labels = Tensor.From(new long[] { 5, -100, -100, -100, -100, -100, -100, -100 }, [2, 4]);
        Assert.That(model.Forward(Ids, labels: labels).Loss!.Value.Item<float>(), Is.NaN, "the first label is never predicted");
    }

    [Test]
    public void WhatDoesNotFitIsRefused()
    {
        var model = ModelGoldens.Gpt2();
        Assert.That(
            () => model.Forward(new Batch { ["input_ids"] = Ids, ["head_mask"] = Ids }),
            Throws.ArgumentException.With.Message.Contains("the batch also has head_mask"));
        Assert.That(
            () => model.Forward(new Batch { ["labels"] = Ids }),
            Throws.ArgumentException.With.Message.Contains("input_ids or inputs_embeds"));
        Assert.That(
            () => model.Forward(Ids, inputsEmbeds: Tensor.Zeros([2, 4, 64])),
            Throws.ArgumentException.With.Message.Contains("exactly one"));
        Assert.That(
            () => model.Forward(inputsEmbeds: Tensor.Zeros([2, 4, 65])),
            Throws.ArgumentException.With.Message.Contains("[batch, length, 64]"));
        Assert.That(() => model.Forward(Ids.Select(0, 0)), Throws.ArgumentException.With.Message.Contains("input_ids is [batch, length]"));
        Assert.That(
            () => model.Forward(Tensor.Zeros([1, 65], DType.Int64)),
            Throws.ArgumentException.With.Message.Contains("65 positions are more than n_positions, which is 64"));
        Assert.That(
            () => model.Forward(Ids, Tensor.Zeros([2, 5], DType.Int64)),
            Throws.ArgumentException.With.Message.Contains("here [2, 4], found int64 [2, 5]"));
        Assert.That(
            () => model.Forward(Ids, Ids.Neg()),
            Throws.ArgumentException.With.Message.Contains("attention_mask holds 0 and 1, found -5 in row 0 at 0"));
        Assert.That(
            () => model.Forward(Ids, labels: Ids.Slice(1, 0, 3)),
            Throws.ArgumentException.With.Message.Contains("labels are [batch, length]"));
        Assert.That(
            () => model.Forward(Tensor.From(new long[] { 256 }, [1, 1])),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("256"));
        var cache = model.Forward(Ids, useCache: true).PastKeyValues!;
        Assert.That(
            () => model.Forward(Ids, pastKeyValues: cache), Throws.InvalidOperationException.With.Message.Contains("NoGrad.Enter()"));
    }

    private static Gpt2LMHeadModel With(string name, object value)
    {
        var folder = ModelGoldens.Model("gpt2-tiny");
        var config = Gpt2Config.FromPretrained(folder);
        config.Set(name, value);
        return (Gpt2LMHeadModel)AutoModel.FromPretrained(folder, AutoModel.CausalLanguageModel, config);
    }

    private static void ScaleQueries(Gpt2LMHeadModel model, Func<int, float> factor)
    {
        for (var layer = 0; layer < 2; layer++)
        {
            foreach (var name in new[] { "weight", "bias" })
            {
                var parameter = model.NamedParameters().Single(
                    entry => entry.Name == $"transformer.h.{layer}.attn.c_attn.{name}").Parameter.Value;
                var values = parameter.AsSpan<float>();
                for (var i = 0; i < values.Length; i++)
                {
                    if (i % 192 < 64) values[i] *= factor(layer);
                }
                parameter.MarkChanged();
            }
        }
    }
}
