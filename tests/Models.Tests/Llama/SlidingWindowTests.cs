using NativeTrainer.Autograd;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Llama;

/// <summary>Mistral's and Qwen2's windows: with padding, with a cache, in every implementation; and the first loss of a recorded run.</summary>
public class SlidingWindowTests
{
    private const int Window = 8;

    private static readonly string?[] Implementations = ["eager", "sdpa", "flash_attention_2", null];

    [Test]
    public void TheFirstLossOfARunIsHuggingFaces(
        [Values("llama-tiny", "qwen2-tiny", "mistral-tiny")] string name, [ValueSource(nameof(Implementations))] string? implementation)
    {
        var golden = ModelGoldens.Json("first-losses.json").GetProperty(name);
        var ids = ModelGoldens.Ids(golden.GetProperty("first_batch"));
        var model = Model(name, DType.Float32);
        model.Config.AttnImplementation = implementation;
        var loss = model.Forward(ids, labels: ids).Loss!.Value.Item<float>();
        Assert.That(loss, Is.EqualTo(golden.GetProperty("first_loss").GetDouble()).Within(2e-6));
    }

    [Test]
    public void AWeightOutsideTheWindowIsZero([ValueSource(nameof(Implementations))] string? implementation)
    {
        using var silent = NoGrad.Enter();
        var model = Model("mistral-tiny");
        model.Config.AttnImplementation = implementation;
        CheckWindows(model.Forward(Ids(20), outputAttentions: true), [Window, Window]);
    }

    [Test]
    public void OfQwen2OnlyTheLowerLayersHaveOne()
    {
        using var silent = NoGrad.Enter();
        var config = Qwen2Config.FromPretrained(ModelGoldens.Model("qwen2-tiny"));
        (config.UseSlidingWindow, config.SlidingWindow, config.MaxWindowLayers) = (true, 5, 1);
        CheckWindows(new Qwen2ForCausalLM(config).Forward(Ids(12), outputAttentions: true), [5, 12]);
        config.UseSlidingWindow = false;
        CheckWindows(new Qwen2ForCausalLM(config).Forward(Ids(12), outputAttentions: true), [12, 12]);
    }

    [Test]
    public void TheFastWayGivesWhatTheWeightsGive([Values(7, 8, 9, 33, 150)] int length)
    {
        using var silent = NoGrad.Enter();
        var (model, ids) = (Model("mistral-tiny"), Ids(length));
        var slow = model.Forward(ids, outputAttentions: true).Logits;
        Near.Check(model.Forward(ids).Logits, slow, 1e-12, "logits");
    }

    [Test]
    public void OneTokenAtATimeGivesTheSameLogits([Values(0, 64)] int capacity)
    {
        using var silent = NoGrad.Enter();
        var (model, ids) = (Model("mistral-tiny"), Ids(24));
        var whole = model.Forward(ids).Logits;
        var cache = new KeyValueCache(capacity);
        for (var (at, end) = (0, 13); end <= 24; (at, end) = (end, end + 1))
        {
            var logits = model.Forward(ids.Slice(1, at, end), pastKeyValues: cache, useCache: true).Logits;
            Near.Check(logits.Select(1, -1), whole.Select(1, end - 1), 1e-12, $"after {end}");
        }
    }

    [Test]
    public void PaddingOnEitherSideChangesNoTokensLogits([Values] bool left, [ValueSource(nameof(Implementations))] string? implementation)
    {
        using var silent = NoGrad.Enter();
        var (model, ids) = (Model("mistral-tiny"), Ids(14));
        model.Config.AttnImplementation = implementation;
        var alone = model.Forward(ids).Logits;
        Tensor pads = Tensor.Zeros([1, 6], DType.Int64), ones = Tensor.Ones([1, 14], DType.Int64);
        var padded = model.Forward(
            left ? Tensor.Concat([pads, ids], 1) : Tensor.Concat([ids, pads], 1),
            left ? Tensor.Concat([pads, ones], 1) : Tensor.Concat([ones, pads], 1),
            positionIds: left ? Tensor.From([.. new long[6], .. Enumerable.Range(0, 14).Select(i => (long)i)], [1, 20]) : null).Logits;
        Near.Check(padded.Slice(1, left ? 6 : 0, left ? 20 : 14), alone, 1e-12, "logits of the tokens");
        Assert.That(Near.Doubles(padded), Is.All.Not.NaN);
    }

    [Test]
    public void GradientsOfAWindowAreDerivatives()
    {
        var (model, ids) = (Model("mistral-tiny"), Ids(20));
        Tensor Loss() => model.Forward(ids, labels: ids).Loss!.Value;
        Loss().Backward();
        foreach (var name in new[] { "model.layers.0.self_attn.k_proj.weight", "model.layers.1.self_attn.q_proj.weight", "model.norm.weight" })
        {
            var parameter = model.NamedParameters().Single(entry => entry.Name == name).Parameter;
            foreach (var at in new[] { 0, 17, 63 })
            {
                var found = Near.Doubles(parameter.Grad!.Value)[at];
                using var silent = NoGrad.Enter();
                double Shifted(double by)
                {
                    parameter.Value.AsSpan<double>()[at] += by;
                    var loss = Loss().Item<double>();
                    parameter.Value.AsSpan<double>()[at] -= by;
                    return loss;
                }
                Near.Check(found, (Shifted(1e-4) - Shifted(-1e-4)) / 2e-4, 1e-8, $"{name}[{at}]");
            }
        }
    }

    private static void CheckWindows(ModelOutput output, int[] windows)
    {
        for (var layer = 0; layer < windows.Length; layer++)
        {
            var weights = output.Attentions![layer].Select(0, 0).Select(0, 0);
            var (values, length) = (Near.Doubles(weights), (int)weights.Size(0));
            for (var query = 0; query < length; query++)
            {
                for (var key = 0; key < length; key++)
                {
                    var isSeen = key <= query && query - key < windows[layer];
                    Assert.That(values[(query * length) + key] > 0, Is.EqualTo(isSeen), $"layer {layer}, query {query}, key {key}");
                }
            }
        }
    }

    private static Tensor Ids(int length)
    {
        var ids = new long[length];
        new TorchGenerator(5).RandInt(ids, 1, 256);
        return Tensor.From(ids, [1, length]);
    }

    private static LlamaFamilyForCausalLM Model(string name, DType dtype = DType.Float64) =>
        (LlamaFamilyForCausalLM)AutoModel.FromPretrained(ModelGoldens.Model(name), AutoModel.CausalLanguageModel, dtype: dtype);
}
