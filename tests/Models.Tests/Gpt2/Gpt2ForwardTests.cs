using System.Text.Json;
using NativeTrainer.Autograd;
using NativeTrainer.Models.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Gpt2;

/// <summary>Logits, loss, hidden states, attention weights and every gradient as Hugging Face computes them.</summary>
public class Gpt2ForwardTests
{
    private static readonly JsonElement Golden = ModelGoldens.Json("forward", "gpt2-tiny.json");
    private readonly SafetensorsFile _tensors = SafetensorsFile.Open(ModelGoldens.Path("forward", "gpt2-tiny.safetensors"));

    private static IEnumerable<string> Cases =>
        Golden.GetProperty("cases").EnumerateArray().Select(
            entry => entry.GetProperty("name").GetString()!).Where(name => name != "incremental");

    [Test]
    public void LogitsLossAndGradientsAreHuggingFaces(
        [ValueSource(nameof(Cases))] string name, [Values(DType.Float32, DType.Float64)] DType dtype)
    {
        var golden = Golden.GetProperty("cases").EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == name);
        var tolerance = dtype == DType.Float64 ? 1e-10 : 1e-5;
        var model = ModelGoldens.Gpt2(dtype: dtype);
        var output = model.Forward(Inputs(name));
        Near.Check(output.Logits, _tensors[$"{name}.logits"], tolerance, "logits");
        if (!golden.TryGetProperty("loss", out var loss))
        {
            Assert.That(output.Loss, Is.Null);
            return;
        }
        var expectedLoss = loss.GetDouble();
        Near.Check(Near.Doubles(output.Loss!.Value)[0], expectedLoss, tolerance * expectedLoss, "loss");
        output.Loss!.Value.Backward();
        var parameters = model.NamedParameters().ToDictionary(entry => entry.Name, entry => entry.Parameter);
        foreach (var entry in golden.GetProperty("grad").EnumerateObject())
        {
            var gradient = Near.Doubles(parameters[entry.Name].Grad!.Value);
            var (sum, norm) = (entry.Value[0].GetDouble(), entry.Value[1].GetDouble());
            Near.Check(Math.Sqrt(gradient.Sum(value => value * value)), norm, tolerance * norm, $"norm of the gradient of {entry.Name}");
            Near.Check(gradient.Sum(), sum, tolerance * norm * Math.Sqrt(gradient.Length), $"sum of the gradient of {entry.Name}");
            parameters.Remove(entry.Name);
        }
        Assert.That(parameters.Keys, Is.Empty, "parameters that the golden has no gradient of");
    }

    [Test]
    public void EveryGradientIsHuggingFaces([Values(DType.Float32, DType.Float64)] DType dtype)
    {
        var model = ModelGoldens.Gpt2(dtype: dtype);
        model.Forward(Inputs("right")).Loss!.Value.Backward();
        foreach (var (name, parameter) in model.NamedParameters())
        {
            // The golden's gradients are rounded to float32; of a table that is mostly zeros it has the rows that are not.
            var tolerance = dtype == DType.Float64 ? 1e-7 : 1e-5;
            var key = $"right.grad.{name}";
            if (_tensors.TryGet(key, out var whole))
            {
                Near.Check(parameter.Grad!.Value, whole, tolerance, name);
                continue;
            }
            var (rows, values) = (_tensors[$"{key}.rows"].ToArray<long>(), _tensors[$"{key}.values"]);
            for (var i = 0; i < rows.Length; i++)
            {
                Near.Check(parameter.Grad!.Value.Select(0, rows[i]), values.Select(0, i), tolerance, $"{name} row {rows[i]}");
            }
            var others = Enumerable.Range(0, (int)parameter.Shape[0]).Where(row => !rows.Contains(row)).SelectMany(
                row => Near.Doubles(parameter.Grad!.Value.Select(0, row)));
            Assert.That(others, Is.All.Zero, $"{name}: rows without a gradient");
        }
    }

    [Test]
    public void HiddenStatesAndAttentionsAreHuggingFaces([Values(DType.Float32, DType.Float64)] DType dtype, [Values] bool byConfiguration)
    {
        var model = ModelGoldens.Gpt2(dtype: dtype);
        var inputs = Inputs("right");
        (model.Config.OutputHiddenStates, model.Config.OutputAttentions) = (byConfiguration, byConfiguration);
        var output = byConfiguration
            ? model.Forward(inputs)
            : model.Forward(inputs["input_ids"], inputs["attention_mask"], outputHiddenStates: true, outputAttentions: true);
        var tolerance = dtype == DType.Float64 ? 1e-10 : 1e-5;
        Assert.That(output.HiddenStates, Has.Count.EqualTo(3));
        for (var i = 0; i < 3; i++)
        {
            Near.Check(output.HiddenStates![i], _tensors[$"right.hidden_states.{i}"], tolerance, $"hidden state {i}");
        }
        Assert.That(output.Attentions, Has.Count.EqualTo(2));
        for (var i = 0; i < 2; i++) Near.Check(output.Attentions![i], _tensors[$"right.attentions.{i}"], tolerance, $"attention {i}");
        Near.Check(output.Logits, _tensors["right.logits"], tolerance, "logits");
    }

    [Test]
    public void OneTokenAtATimeGivesTheSameLogits([Values(DType.Float32, DType.Float64)] DType dtype, [Values(0, 16)] int capacity)
    {
        using var silent = NoGrad.Enter();
        var model = ModelGoldens.Gpt2(dtype: dtype);
        var inputs = Inputs("left_positions");
        var cache = new KeyValueCache(capacity);
        var at = 0;
        foreach (var end in new[] { 5, 6, 7, 8, 9 })
        {
            var output = model.Forward(
                inputs["input_ids"].Slice(1, at, end), inputs["attention_mask"].Slice(1, 0, end),
                positionIds: inputs["position_ids"].Slice(1, at, end),
                pastKeyValues: cache, useCache: true);
            Assert.That(output.PastKeyValues, Is.SameAs(cache));
            Near.Check(
                output.Logits.Select(1, -1),
                _tensors["incremental.logits"].Select(1, end - 5),
                dtype == DType.Float64 ? 1e-10 : 1e-5,
                $"after {end}");
            at = end;
        }
        Assert.That(cache.Length, Is.EqualTo(9));
    }

    private Batch Inputs(string name)
    {
        var batch = new Batch();
        var prefix = $"{name}.in.";
        foreach (var key in _tensors.Names.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            batch.Add(key[prefix.Length..], _tensors[key]);
        }
        return batch;
    }
}
