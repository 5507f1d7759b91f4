using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Tensors of one value, and the unit matrix. No gradient.</summary>
public static class FullOperation
{
    extension(Tensor)
    {
        /// <summary>A tensor of one value, converted to the dtype.</summary>
        public static Tensor Full(Shape shape, double value, DType dtype = DType.Float32, Device device = default)
        {
            var output = Tensor.Empty(shape, dtype, device);
            Backend.For(output).Fill(output, value);
            return output;
        }

        /// <summary>A tensor of ones.</summary>
        public static Tensor Ones(Shape shape, DType dtype = DType.Float32, Device device = default) =>
            Tensor.Full(shape, 1, dtype, device);

        /// <summary>A matrix of <paramref name="rows"/> times <paramref name="columns"/> (as many as rows if left out) with 1 on the
        /// diagonal, else 0.</summary>
        public static Tensor Eye(long rows, long? columns = null, DType dtype = DType.Float32, Device device = default)
        {
            var width = columns ?? rows;
            var output = Tensor.Zeros([rows, width], dtype, device);
            var diagonal = Layout.Strided([Math.Min(rows, width)], [width + 1]);
            Backend.For(output).Fill(output.WithLayout(diagonal), 1);
            return output;
        }
    }
}
