using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Support;

/// <summary>How tests compare tensors, and read and convert them without the kernels under test.</summary>
internal static class Compare
{
    /// <summary>
    /// Same shape, and numbers within <paramref name="tolerance"/> of the largest expected one (absolute where all are below 1e-6); inf and
    /// nan at the same places; whole numbers and truth values equal. Expected numbers that float32 cannot hold are inf there.
    /// </summary>
    public static void Near(Tensor actual, Tensor expected, double tolerance, string what)
    {
        Assert.That(actual.Shape.ToString(), Is.EqualTo(expected.Shape.ToString()), $"{what}: shape");
        if (!expected.DType.IsFloatingPoint) Assert.That(actual.DType, Is.EqualTo(expected.DType), $"{what}: dtype");
        double[] found = Doubles(actual), wanted = Doubles(expected);
        if (actual.DType == DType.Float32)
        {
            for (var i = 0; i < wanted.Length; i++) wanted[i] = (float)wanted[i];
        }
        var size = wanted.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        var allowed = expected.DType.IsFloatingPoint ? tolerance * (size >= 1e-6 ? size : 1) : 0;
        var worst = 0.0;
        var first = -1;
        for (var i = 0; i < wanted.Length; i++)
        {
            var difference = double.IsFinite(wanted[i]) ? Math.Abs(found[i] - wanted[i]) : found[i].Equals(wanted[i]) ? 0 : double.NaN;
            if (difference <= allowed) continue;
            if (first < 0) first = i;
            if (!(difference <= worst)) worst = difference;
        }
        if (first < 0) return;
        throw new AssertionException(
            $"{what}: {actual}, first wrong at {first}: found {found[first]:R}, expected {wanted[first]:R}; "
            + $"largest difference {worst:E2}, allowed {allowed:E2}");
    }

    /// <summary>The elements in row-major order as doubles.</summary>
    public static double[] Doubles(Tensor tensor) => tensor.DType switch
    {
        DType.Float64 => tensor.ToArray<double>(),
        DType.Float32 => [.. tensor.ToArray<float>().Select(value => (double)value)],
        DType.Float16 => [.. tensor.ToArray<Half>().Select(value => (double)value)],
        DType.BFloat16 => [.. tensor.ToArray<BFloat16>().Select(value => (double)(float)value)],
        DType.Int64 => [.. tensor.ToArray<long>().Select(value => (double)value)],
        DType.Int32 => [.. tensor.ToArray<int>().Select(value => (double)value)],
        DType.Int16 => [.. tensor.ToArray<short>().Select(value => (double)value)],
        DType.Int8 => [.. tensor.ToArray<sbyte>().Select(value => (double)value)],
        _ => [.. tensor.ToArray<byte>().Select(value => (double)value)],
    };

    /// <summary>A contiguous copy in float64, float32, float16 or bfloat16, unrecorded.</summary>
    public static Tensor Convert(Tensor tensor, DType dtype) => dtype switch
    {
        DType.Float64 => Tensor.From(Doubles(tensor), tensor.Shape),
        DType.Float32 => Tensor.From(Doubles(tensor).Select(value => (float)value).ToArray(), tensor.Shape),
        DType.Float16 => Tensor.From(Doubles(tensor).Select(value => (Half)value).ToArray(), tensor.Shape),
        DType.BFloat16 => Tensor.From(Doubles(tensor).Select(value => (BFloat16)(float)value).ToArray(), tensor.Shape),
        _ => throw new NotSupportedException($"conversion to {dtype.TorchName}"),
    };
}
