using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Support;

/// <summary>Compares an operation's gradients with central differences, in float64.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-5;

    /// <summary>A float64 tensor of standard normal numbers from a seed, moved by <paramref name="shift"/>.</summary>
    public static Tensor Normal(Shape shape, int seed, double scale = 1, double shift = 0)
    {
        var random = new Random(seed);
        var values = new double[shape.ElementCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) * scale) + shift;
        }
        return Tensor.From(values, shape);
    }

    /// <summary>
    /// Runs <paramref name="operation"/> on contiguous float64 tensors and checks the gradient of each element of each of them. The
    /// result's elements count with random weights, so that no error hides in a sum.
    /// </summary>
    public static void Of(Func<Tensor[], Tensor> operation, params Tensor[] inputs)
    {
        foreach (var input in inputs)
        {
            input.WithGrad();
            input.SetGrad(null);
        }
        var output = operation(inputs);
        var weights = Normal(output.Shape, seed: 1);
        output.Backward(weights);
        for (var k = 0; k < inputs.Length; k++)
        {
            Assert.That(inputs[k].Grad, Is.Not.Null, $"gradient of input {k}");
            var found = Compare.Doubles(inputs[k].Grad!.Value);
            for (var i = 0; i < found.Length; i++)
            {
                var expected = (Shifted(k, i, Step) - Shifted(k, i, -Step)) / (2 * Step);
                var allowed = 1e-6 * Math.Max(1, Math.Abs(expected));
                Assert.That(found[i], Is.EqualTo(expected).Within(allowed), $"gradient of input {k} ({inputs[k]}) at {i}");
            }
        }

        double Shifted(int k, int i, double by)
        {
            using var silent = NoGrad.Enter();
            var values = inputs[k].AsSpan<double>();
            var before = values[i];
            values[i] += by;
            var result = Compare.Doubles(operation(inputs)).Zip(Compare.Doubles(weights), (a, b) => a * b).Sum();
            values[i] = before;
            return result;
        }
    }
}
