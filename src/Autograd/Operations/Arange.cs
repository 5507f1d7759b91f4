using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Numbers at equal distances. No gradient.</summary>
public static class ArangeOperation
{
    extension(Tensor)
    {
        /// <summary>0, 1, … up to, not including, <paramref name="end"/>.</summary>
        public static Tensor Arange(long end, DType dtype = DType.Int64, Device device = default) =>
            Tensor.Arange(0, end, 1, dtype, device);

        /// <summary><paramref name="start"/>, <paramref name="start"/> + <paramref name="step"/>, … up to, not including,
        /// <paramref name="end"/>.</summary>
        public static Tensor Arange(long start, long end, long step = 1, DType dtype = DType.Int64, Device device = default)
        {
            if (step == 0 || (end != start && end > start != step > 0)) throw Unreachable(start, end, step);
            var distance = Int128.Abs((Int128)end - start);
            var size = Int128.Abs((Int128)step);
            return Make(checked((long)((distance + size - 1) / size)), start, step, dtype, device);
        }

        /// <summary>The same for fractions; element i is <paramref name="start"/> + i · <paramref name="step"/>, worked out in double
        /// precision.</summary>
        public static Tensor Arange(double start, double end, double step = 1, DType dtype = DType.Float32, Device device = default)
        {
            var count = Math.Ceiling((end - start) / step);
            if (step == 0 || !double.IsFinite(count) || (end != start && end > start != step > 0)) throw Unreachable(start, end, step);
            return Make(checked((long)count), start, step, dtype, device);
        }
    }

    private static Tensor Make(long count, double start, double step, DType dtype, Device device)
    {
        var numbers = Tensor.Empty([count], dtype, device);
        Backend.For(numbers).Arange(numbers, start, step);
        return numbers;
    }

    private static ArgumentException Unreachable(double start, double end, double step) =>
        new($"Arange: {end} is not reached from {start} by steps of {step}");
}
