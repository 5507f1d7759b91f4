using System.Text.Json;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Tests.Cpu;

/// <summary>Twelve steps of AdamW against PyTorch's and transformers' own numbers.</summary>
public sealed class AdamWTests
{
    private static readonly SafetensorsFile Inputs = SafetensorsFile.Open(PathOf("inputs.safetensors"));

    private static IEnumerable<TestCaseData> Cases()
    {
        foreach (var optimizer in (string[])["adamw_torch", "adamw_torch_fused", "adamw_hf"])
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf(optimizer + ".json")));
            foreach (var golden in document.RootElement.GetProperty("cases").EnumerateArray())
            {
                var name = golden.GetProperty("name").GetString()!;
                yield return new TestCaseData(optimizer, golden.Clone()).SetArgDisplayNames(optimizer, name);
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Agrees_with_torch(string optimizer, JsonElement golden)
    {
        var expected = new Golden(optimizer, golden.GetProperty("name").GetString()!);
        var options = golden.GetProperty("params");
        for (var i = 0; i < golden.GetProperty("parameters").GetInt32(); i++)
        {
            var settings = Settings(options, golden, i) with
            {
                Variant = optimizer == "adamw_hf" ? AdamWVariant.Transformers : AdamWVariant.Torch, Step = 0,
            };
            var state = new State(Inputs[$"param.{i}"], options.TryGetProperty("amsgrad", out _));
            for (var step = 1; step <= 12; step++)
            {
                if (IsMissing(golden, step, i)) continue;
                settings = settings with { Step = settings.Step + 1, LearningRate = golden.GetProperty("lr")[step - 1].GetDouble() };
                state.Step(Inputs[$"grad.{step}.{i}"], settings);
                if (step is 1 or 2 or 12) expected.Check($"after.{step}.{i}", state.Parameters);
            }
            expected.Check($"state.{i}.exp_avg", state.ExpAvg);
            expected.Check($"state.{i}.exp_avg_sq", state.ExpAvgSq);
            if (state.MaxExpAvgSq.IsAlive) expected.Check($"state.{i}.max_exp_avg_sq", state.MaxExpAvgSq);
        }
    }

    [TestCase(DType.Float32, 1e-6)]
    [TestCase(DType.Float64, 1e-14)]
    [TestCase(DType.Float16, 1e-3)]
    [TestCase(DType.BFloat16, 1e-2)]
    public void Scales_and_clears_gradients_on_the_way_in_every_precision(DType dtype, double tolerance)
    {
        const int count = 70_001; // several chunks, and a rest
        var gradient = Enumerable.Range(0, count).Select(i => Math.Sin(i) * 0.5).ToArray();
        var start = Enumerable.Range(0, count).Select(i => Math.Cos(i * 0.7)).ToArray();
        Tensor parameters = Of(start, dtype), gradients = Of(gradient, dtype);
        Tensor expAvg = Of(new double[count], dtype), expAvgSq = Of(new double[count], dtype);
        var settings = new AdamWSettings { LearningRate = 0.01, WeightDecay = 0.1, Epsilon = 1e-3 };
        var scale = Of([0.25], dtype);
        Backend.For(scale).AdamW(parameters, new(gradients) { Scale = scale, Zero = true }, expAvg, expAvgSq, settings);
        var found = Of(parameters);
        for (var i = 0; i < count; i++)
        {
            var g = gradient[i] * 0.25; // the corrected moments of a first step are g and g squared
            var expected = (start[i] * (1 - (0.01 * 0.1))) - (0.01 * g / (Math.Abs(g) + 1e-3));
            Assert.That(found[i], Is.EqualTo(expected).Within(tolerance), $"{dtype.TorchName} [{i}]");
        }
        Assert.That(Of(gradients), Is.All.Zero);
    }

    private static Tensor Of(double[] values, DType dtype)
    {
        var wide = Tensor.From(values, [values.Length]);
        var tensor = Tensor.Empty(wide.Shape, dtype);
        Backend.For(tensor).Copy(wide, tensor);
        return tensor;
    }

    private static double[] Of(Tensor tensor)
    {
        var wide = Tensor.Empty(tensor.Shape, DType.Float64);
        Backend.For(wide).Copy(tensor, wide);
        return wide.ToArray<double>();
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Goldens", "optimizers", name);

    private static AdamWSettings Settings(JsonElement options, JsonElement golden, int parameter)
    {
        var decay = options.TryGetProperty("weight_decay", out var all) ? all.GetDouble() : 0;
        if (golden.TryGetProperty("groups", out var groups))
        {
            var group = groups.EnumerateArray().Single(group => Names(group.GetProperty("params"), parameter));
            decay = group.GetProperty("weight_decay").GetDouble();
        }
        return new AdamWSettings
        {
            Beta1 = options.GetProperty("betas")[0].GetDouble(), Beta2 = options.GetProperty("betas")[1].GetDouble(),
            Epsilon = options.GetProperty("eps").GetDouble(), WeightDecay = decay,
            CorrectBias = !options.TryGetProperty("correct_bias", out var correct) || correct.GetBoolean(),
            Maximize = options.TryGetProperty("maximize", out var maximize) && maximize.GetBoolean(),
        };
    }

    private static bool IsMissing(JsonElement golden, int step, int parameter) =>
        golden.TryGetProperty("missing_gradients", out var missing) && missing.TryGetProperty($"{step}", out var numbers)
        && Names(numbers, parameter);

    private static bool Names(JsonElement numbers, int parameter) => numbers.EnumerateArray().Any(number => number.GetInt32() == parameter);

    private sealed class State(Tensor parameters, bool amsgrad)
    {
        public Tensor Parameters { get; } = Tensor.From(parameters.ToArray<float>(), parameters.Shape);

        public Tensor ExpAvg { get; } = Tensor.Zeros(parameters.Shape);

        public Tensor ExpAvgSq { get; } = Tensor.Zeros(parameters.Shape);

        public Tensor MaxExpAvgSq { get; } = amsgrad ? Tensor.Zeros(parameters.Shape) : default;

        public void Step(Tensor gradients, in AdamWSettings settings) =>
            Backend.For(Parameters).AdamW(Parameters, new(gradients), ExpAvg, ExpAvgSq, settings, MaxExpAvgSq);
    }

    private sealed class Golden(string optimizer, string name)
    {
        private readonly SafetensorsFile _file = SafetensorsFile.Open(PathOf(optimizer + ".safetensors"));

        // Two roundings of the largest number: PyTorch's square root of a whole tensor is not always the nearest float.
        public void Check(string what, Tensor found)
        {
            float[] a = found.ToArray<float>(), b = _file[$"{name}.{what}"].ToArray<float>();
            var allowed = 2.4e-7 * b.Max(Math.Abs);
            for (var i = 0; i < b.Length; i++) Assert.That(a[i], Is.EqualTo(b[i]).Within(allowed), $"{optimizer}.{name}.{what} [{i}]");
        }
    }
}
