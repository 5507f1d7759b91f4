using System.Text.Json;
using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Support;

/// <summary>What Hugging Face computed of a tiny model on fixed batches: inputs, logits, losses and gradients of every case.</summary>
internal sealed class ForwardGolden(string name)
{
    private readonly Dictionary<string, JsonElement> _cases = ModelGoldens.Json("forward", $"{name}.json").GetProperty("cases")
        .EnumerateArray().ToDictionary(entry => entry.GetProperty("name").GetString()!);

    private readonly SafetensorsFile _tensors = SafetensorsFile.Open(ModelGoldens.Path("forward", $"{name}.safetensors"));

    public Tensor this[string tensor] => _tensors[tensor];

    /// <summary>The cases of one forward pass.</summary>
    public static IEnumerable<string> Cases(string name) =>
        ModelGoldens.Json("forward", $"{name}.json").GetProperty("cases").EnumerateArray()
            .Select(entry => entry.GetProperty("name").GetString()!).Where(entry => entry != "incremental");

    public JsonElement Case(string name) => _cases[name];

    public static double Tolerance(DType dtype) => dtype == DType.Float64 ? 1e-10 : 1e-5;

    public Batch Inputs(string name, DType dtype)
    {
        var (batch, prefix) = (new Batch(), $"{name}.in.");
        foreach (var key in _tensors.Names.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var tensor = _tensors[key];
            batch.Add(key[prefix.Length..], tensor.DType.IsFloatingPoint ? tensor.To(dtype) : tensor);
        }
        return batch;
    }

    /// <summary>Logits and loss, then the sum and norm of every gradient, then every number of those that the golden has whole.</summary>
    public void Check(PreTrainedModel model, string name, DType dtype, ModelOutput? given = null)
    {
        var tolerance = Tolerance(dtype);
        model.ZeroGrad();
        var output = given ?? model.Forward(Inputs(name, dtype));
        Near.Check(output.Logits, _tensors[$"{name}.logits"], tolerance, "logits");
        if (!_cases[name].TryGetProperty("loss", out var loss))
        {
            Assert.That(output.Loss, Is.Null);
            return;
        }
        var expected = loss.GetDouble();
        Near.Check(Near.Doubles(output.Loss!.Value)[0], expected, tolerance * expected, "loss");
        output.Loss!.Value.Backward();
        foreach (var (parameter, value) in Gradients(model, name))
        {
            var gradient = Near.Doubles(value.Grad!.Value);
            var golden = _cases[name].GetProperty("grad").GetProperty(parameter);
            var (sum, norm) = (golden[0].GetDouble(), golden[1].GetDouble());
            // A gradient that is 0 but for rounding (of a key's bias: softmax does not see it) is compared with 0.
            var scale = Math.Max(norm, 1e-3);
            Near.Check(Math.Sqrt(gradient.Sum(x => x * x)), norm, tolerance * scale, $"norm of the gradient of {parameter}");
            Near.Check(gradient.Sum(), sum, tolerance * scale * Math.Sqrt(gradient.Length), $"sum of the gradient of {parameter}");
            CheckWhole($"{name}.grad.{parameter}", value.Grad!.Value, dtype, scale);
        }
    }

    private IEnumerable<(string Name, Parameter Parameter)> Gradients(PreTrainedModel model, string name)
    {
        var parameters = model.NamedParameters().ToDictionary(entry => entry.Name, entry => entry.Parameter);
        foreach (var entry in _cases[name].GetProperty("grad").EnumerateObject())
        {
            Assert.That(parameters.Remove(entry.Name, out var parameter), entry.Name);
            yield return (entry.Name, parameter!);
        }
        foreach (var (rest, parameter) in parameters)
        {
            Assert.That(parameter.Grad is null || Near.Doubles(parameter.Grad.Value).All(value => value == 0), $"{rest} has no gradient");
        }
    }

    // The golden's gradients are rounded to float32; of a table that is mostly zeros it has the rows that are not.
    private void CheckWhole(string key, Tensor gradient, DType dtype, double scale)
    {
        var tolerance = dtype == DType.Float64 ? 1e-7 : 1e-5;
        if (_tensors.TryGet(key, out var whole))
        {
            if (Near.Doubles(whole).Max(Math.Abs) > 1e-3 * scale) Near.Check(gradient, whole, tolerance, key);
        }
        else if (_tensors.TryGet($"{key}.rows", out var places))
        {
            var (rows, values) = (places.ToArray<long>(), _tensors[$"{key}.values"]);
            for (var i = 0; i < rows.Length; i++)
            {
                Near.Check(gradient.Select(0, rows[i]), values.Select(0, i), tolerance * 10, $"{key} row {rows[i]}");
            }
            var others = Enumerable.Range(0, (int)gradient.Size(0)).Where(row => !rows.Contains(row));
            Assert.That(others.SelectMany(row => Near.Doubles(gradient.Select(0, row))), Is.All.Zero, $"{key}: rows without a gradient");
        }
    }
}
