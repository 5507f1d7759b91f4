using System.Text.Json;
using NativeTrainer.Autograd;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Optimization;

/// <summary>Twelve steps of every optimizer against the numbers of torch, transformers and bitsandbytes: weights and states.</summary>
public sealed class OptimizerGoldenTests
{
    private static readonly SafetensorsFile Inputs = SafetensorsFile.Open(Golden.Path("optimizers/inputs.safetensors"));

    private static readonly string[] Families =
    [
        "adamw_torch", "adamw_torch_fused", "adamw_hf", "adamw_anyprecision", "adafactor", "sgd", "adagrad", "rmsprop", "lion",
        "lion_bnb_32bit", "lion_8bit", "adamw_bnb_32bit", "adamw_8bit",
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        from family in Families
        from row in Golden.Rows($"optimizers/{family}.json", "cases")
        select new TestCaseData(family, row).SetArgDisplayNames(family, row.GetProperty("name").GetString()!);

    [TestCaseSource(nameof(Cases))]
    public void Weights_and_states_are_the_same(string family, JsonElement row)
    {
        var (name, file) = (row.GetProperty("name").GetString()!, SafetensorsFile.Open(Golden.Path($"optimizers/{family}.safetensors")));
        var dtype = row.GetProperty("dtype").GetString() == "bfloat16" ? DType.BFloat16 : DType.Float32;
        Parameter[] parameters = [.. Enumerable.Range(0, row.GetProperty("parameters").GetInt32()).Select(
            i => new Parameter(Inputs[$"param.{i}"].To(dtype).Clone()))];
        var options = Golden.Map(row.GetProperty("params"));
        var (groups, order) = Groups(row, parameters, options.TryGetValue("weight_decay", out var decay) ? Convert.ToDouble(decay) : 0);
        var optimizer = Create(family, groups, options);
        for (var step = 1; step <= 12; step++)
        {
            for (var i = 0; i < parameters.Length; i++)
            {
                if (IsMissing(row, step, i)) continue;
                parameters[i].Grad!.Value.CopyFrom(Inputs[$"grad.{step}.{i}"]);
                parameters[i].HasGradient = true;
            }
            if (row.GetProperty("lr") is { ValueKind: JsonValueKind.Array } rates)
            {
                foreach (var group in groups) group.LearningRate = rates[step - 1].GetDouble();
            }
            optimizer.Step();
            if (step is not (1 or 2 or 12)) continue;
            for (var i = 0; i < parameters.Length; i++) Check(parameters[i].Value, $"after.{step}.{i}");
        }
        var states = optimizer.ToFile().State;
        foreach (var (position, number) in order.Index())
        {
            var prefix = $"{name}.state.{number}.";
            var expected = file.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => n[prefix.Length..]).ToList();
            if (family is "lion") expected = [.. expected.Select(n => n == "exp_avg" ? "state1" : n)]; // the file has bitsandbytes' name
            if (expected.Count == 0) continue;
            var state = states[position];
            foreach (var key in expected)
            {
                if (key == "step") Assert.That(state.Whole("step"), Is.EqualTo((long)file[prefix + key].Item<float>()));
                else Check(state.Tensor(key).ToTensor(), $"state.{number}.{(family is "lion" ? "exp_avg" : key)}");
            }
            Assert.That(state.Keys.Where(key => !key.StartsWith("qmap", StringComparison.Ordinal) && key != "step"),
                Is.EquivalentTo(expected.Where(key => key != "step")));
        }

        void Check(Tensor found, string what)
        {
            var theirs = file[$"{name}.{what}"];
            Assert.That(found.Shape, Is.EqualTo(theirs.Shape), what);
            if (theirs.DType == DType.UInt8)
            {
                Assert.That(found.ToArray<byte>(), Is.EqualTo(theirs.ToArray<byte>()), $"{family}.{name}.{what}");
                return;
            }
            double[] a = found.To(DType.Float64).ToArray<double>(), b = theirs.To(DType.Float64).ToArray<double>();
            var largest = b.Length == 0 ? 0 : b.Max(Math.Abs);

            // Roundings of the largest number: sums are made in another order, and torch's square root of a whole tensor is not always
            // the nearest float. Of bfloat16 two roundings: at the end of a row torch rounds once more, where its vectors do not reach. What
            // rounding has lost hangs on every digit before.
            for (var i = 0; i < b.Length; i++)
            {
                var allowed = theirs.DType == DType.BFloat16
                    ? (Math.Abs(b[i]) / 64) + (largest / 64) + (what.EndsWith("compensation", StringComparison.Ordinal) ? 2e-4 : 0)
                    : (family == "adafactor" ? 1e-6 : 4e-7) * largest;
                Assert.That(a[i], Is.EqualTo(b[i]).Within(allowed), $"{family}.{name}.{what} [{i}]");
            }
        }
    }

    private static (IReadOnlyList<ParameterGroup> Groups, List<int> Order) Groups(JsonElement row, Parameter[] parameters, double decay)
    {
        if (!row.TryGetProperty("groups", out var given))
        {
            return ([new ParameterGroup(parameters, 0, decay)], [.. Enumerable.Range(0, parameters.Length)]);
        }
        var (groups, order) = (new List<ParameterGroup>(), new List<int>());
        foreach (var group in given.EnumerateArray())
        {
            int[] numbers = [.. group.GetProperty("params").EnumerateArray().Select(n => n.GetInt32())];
            groups.Add(new ParameterGroup(
                [.. numbers.Select(n => parameters[n])], 0, group.GetProperty("weight_decay").GetDouble()));
            order.AddRange(numbers);
        }
        return (groups, order);
    }

    private static Optimizer Create(string family, IReadOnlyList<ParameterGroup> groups, OrderedDictionary<string, object?> options)
    {
        var (beta1, beta2) = options.ContainsKey("betas") ? Pair("betas") : (0.9, 0.999);
        var blocks = new BlockwiseOptions { MinSize = (int)Number("min_8bit_size", 4096), BlockSize = (int)Number("blocksize", 256) };
        return family switch
        {
            "adamw_torch" or "adamw_torch_fused" => new AdamW(
                groups, beta1, beta2, Number("eps", 1e-8), amsgrad: Flag("amsgrad"), maximize: Flag("maximize")),
            "adamw_hf" => new AdamW(
                groups, beta1, beta2, Number("eps", 1e-8), isTransformers: true, correctBias: Flag("correct_bias", true)),
            "adamw_anyprecision" => new AnyPrecisionAdamW(
                groups, beta1, beta2, Number("eps", 1e-8), Flag("use_kahan_summation"), Type("momentum_dtype"), Type("variance_dtype"),
                Type("compensation_buffer_dtype")),
            "adafactor" => new Adafactor(
                groups, options.ContainsKey("eps") ? Pair("eps").Item1 : 1e-30, options.ContainsKey("eps") ? Pair("eps").Item2 : 1e-3,
                Number("clip_threshold", 1), Number("decay_rate", -0.8),
                options.ContainsKey("beta1") ? Number("beta1", 0) : null, Flag("scale_parameter"), Flag("relative_step"),
                Flag("warmup_init")),
            "sgd" => new Sgd(groups, Number("momentum", 0), Number("dampening", 0), Flag("nesterov"), Flag("maximize")),
            "adagrad" => new Adagrad(
                groups, Number("lr_decay", 0), Number("eps", 1e-10), Number("initial_accumulator_value", 0)),
            "rmsprop" => new RmsProp(
                groups, Number("alpha", 0.99), Number("eps", 1e-8), Number("momentum", 0), Flag("centered")),
            "lion" or "lion_bnb_32bit" => new Lion(groups, beta1, beta2),
            "lion_8bit" => new Lion8Bit(groups, beta1, beta2, blocks),
            "adamw_bnb_32bit" => AdamW.OfBitsAndBytes(groups, beta1, beta2, Number("eps", 1e-8)),
            _ => new AdamW8Bit(groups, beta1, beta2, Number("eps", 1e-8), blocks),
        };

        double Number(string name, double missing) => options.TryGetValue(name, out var value) ? Convert.ToDouble(value) : missing;
        bool Flag(string name, bool missing = false) => options.TryGetValue(name, out var value) ? (bool)value! : missing;
        DType Type(string name) => (string)options[name]! == "bfloat16" ? DType.BFloat16 : DType.Float32;
        (double, double) Pair(string name)
        {
            var list = (List<object?>)options[name]!;
            return (Convert.ToDouble(list[0]), Convert.ToDouble(list[1]));
        }
    }

    private static bool IsMissing(JsonElement row, int step, int parameter) =>
        row.TryGetProperty("missing_gradients", out var missing) && missing.TryGetProperty($"{step}", out var numbers)
        && numbers.EnumerateArray().Any(number => number.GetInt32() == parameter);
}
