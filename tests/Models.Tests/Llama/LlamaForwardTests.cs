using NativeTrainer.Autograd;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Llama;

/// <summary>Logits, loss, hidden states, attention weights and every gradient as Hugging Face computes them.</summary>
[TestFixture("llama-tiny")]
[TestFixture("llama-rope-tiny")]
public class LlamaForwardTests(string name)
{
    private readonly ForwardGolden _golden = new(name);

    [Test]
    public void LogitsLossAndGradientsAreHuggingFaces(
        [Values("plain", "right", "left", "left_positions", "positions", "one")] string entry,
        [Values(DType.Float32, DType.Float64)] DType dtype, [Values] bool checkpointing)
    {
        var model = Model(dtype);
        if (checkpointing)
        {
            model.EnableGradientCheckpointing();
            model.Train(); // without dropout nothing else changes
        }
        _golden.Check(model, entry, dtype);
    }

    [Test]
    public void QueriesThatSeeNothingAreAsTheImplementationHasThem(
        [Values("left", "left_positions")] string entry, [Values(DType.Float32, DType.Float64)] DType dtype,
        [Values("eager", "sdpa", "flash_attention_2", null)] string? implementation)
    {
        var model = Model(dtype);
        model.Config.AttnImplementation = implementation;
        var output = model.Forward(_golden.Inputs(entry, dtype));
        var (logits, loss) = implementation == "eager" ? ("logits_eager", "loss_eager") : ("logits", "loss");
        Near.Check(output.Logits, _golden[$"{entry}.{logits}"], ForwardGolden.Tolerance(dtype), "logits");
        var expected = _golden.Case(entry).GetProperty(loss).GetDouble();
        Near.Check(Near.Doubles(output.Loss!.Value)[0], expected, ForwardGolden.Tolerance(dtype) * expected, "loss");
    }

    [Test]
    public void HiddenStatesAndAttentionsAreHuggingFaces([Values(DType.Float32, DType.Float64)] DType dtype, [Values] bool byConfiguration)
    {
        var model = Model(dtype);
        var inputs = _golden.Inputs("right", dtype);
        (model.Config.OutputHiddenStates, model.Config.OutputAttentions) = (byConfiguration, byConfiguration);
        var output = byConfiguration
            ? model.Forward(inputs)
            : model.Forward(inputs["input_ids"], inputs["attention_mask"], outputHiddenStates: true, outputAttentions: true);
        Assert.That(output.HiddenStates, Has.Count.EqualTo(3));
        for (var i = 0; i < 3; i++)
        {
            Near.Check(output.HiddenStates![i], _golden[$"right.hidden_states.{i}"], ForwardGolden.Tolerance(dtype), $"hidden state {i}");
        }
        Assert.That(output.Attentions, Has.Count.EqualTo(2));
        for (var i = 0; i < 2; i++)
        {
            Near.Check(output.Attentions![i], _golden[$"right.attentions.{i}"], ForwardGolden.Tolerance(dtype), $"attention {i}");
        }
        Near.Check(output.Logits, _golden["right.logits"], ForwardGolden.Tolerance(dtype), "logits");
    }

    [Test]
    public void AttentionWeightsOfALeftPaddedBatchAreComputedTheEagerWay()
    {
        var inputs = _golden.Inputs("left", DType.Float64);
        var output = Model(DType.Float64).Forward(inputs["input_ids"], inputs["attention_mask"], outputAttentions: true);
        Near.Check(output.Logits, _golden["left.logits_eager"], 1e-10, "logits");
        Assert.That(Near.Doubles(output.Attentions![0].Select(0, 1).Select(0, 0).Select(0, 0)), Is.All.EqualTo(1.0 / 9).Within(1e-12));
    }

    [Test]
    public void OneTokenAtATimeGivesTheSameLogits([Values(DType.Float32, DType.Float64)] DType dtype, [Values(0, 16)] int capacity)
    {
        using var silent = NoGrad.Enter();
        var model = Model(dtype);
        var inputs = _golden.Inputs("left_positions", dtype);
        var cache = new KeyValueCache(capacity);
        var at = 0;
        foreach (var end in new[] { 5, 6, 7, 8, 9 })
        {
            var output = model.Forward(
                inputs["input_ids"].Slice(1, at, end), inputs["attention_mask"].Slice(1, 0, end),
                positionIds: inputs["position_ids"].Slice(1, at, end), pastKeyValues: cache, useCache: true);
            Near.Check(
                output.Logits.Select(1, -1), _golden["incremental.logits"].Select(1, end - 5), ForwardGolden.Tolerance(dtype),
                $"after {end}");
            at = end;
        }
        Assert.That(cache.Length, Is.EqualTo(9));
    }

    [Test]
    public void APositionBeyondTheSequenceIsNamed()
    {
        var ids = Tensor.From([1L, 2L], [1, 2]);
        Assert.That(
            () => Model(DType.Float32).Forward(ids, positionIds: Tensor.From([0L, 2L], [1, 2])),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("position 2"));
    }

    private LlamaForCausalLM Model(DType dtype)
    {
        var model = (LlamaForCausalLM)AutoModel.FromPretrained(
            ModelGoldens.Model(name), AutoModel.CausalLanguageModel, dtype: dtype, warn: message => Assert.Fail(message));
        if (dtype == DType.Float64) model.Model.Rotary = TorchTables();
        return model;
    }

    // The tables are float32 in a model of any dtype, and PyTorch's cosines are not all rounded as ours: one in twenty differs in its last
    // bit, which is 2e-10 of the logits. Whoever asks for 1e-10 looks them up in PyTorch's own.
    private RotaryTables TorchTables()
    {
        var tables = SafetensorsFile.Open(ModelGoldens.Path("ops", "rotary.safetensors"));
        return name == "llama-tiny"
            ? new RotaryTables(tables["past_the_table.in.cos"], tables["past_the_table.in.sin"])
            : new RotaryTables(Halved(tables["linear_4.in.cos"]), Halved(tables["linear_4.in.sin"]));

        // Every second position of four to one is a position of two to one.
        static Tensor Halved(Tensor table) => table.Slice(0, 0, 31, 2).Contiguous();
    }
}
