using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tests.Support;

/// <summary>Comparison of tensors by the largest difference, relative to the largest expected number.</summary>
internal static class Near
{
    public static void Check(Tensor actual, Tensor expected, double tolerance, string what)
    {
        Assert.That(actual.Shape.ToString(), Is.EqualTo(expected.Shape.ToString()), $"{what}: shape");
        double[] found = Doubles(actual), wanted = Doubles(expected);
        var allowed = tolerance * wanted.Select(Math.Abs).Max();
        for (var i = 0; i < wanted.Length; i++)
        {
            if (Math.Abs(found[i] - wanted[i]) <= allowed) continue;
            Assert.Fail(
                $"{what}: {actual}, first wrong at {i}: found {found[i]:R}, expected {wanted[i]:R}, allowed difference {allowed:E2}");
        }
    }

    public static void Check(double actual, double expected, double tolerance, string what) =>
        Assert.That(actual, Is.EqualTo(expected).Within(tolerance), what);

    public static double[] Doubles(Tensor tensor) => tensor.DType switch
    {
        DType.Float64 => tensor.ToArray<double>(),
        DType.Float32 => [.. tensor.ToArray<float>().Select(value => (double)value)],
        DType.Int64 => [.. tensor.ToArray<long>().Select(value => (double)value)],
        _ => throw new NotSupportedException($"{tensor}"),
    };
}
