using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The elements along an axis in order, and where they were. Gradient: g put back in the places.</summary>
public static class SortOperation
{
    extension(Tensor input)
    {
        /// <summary>The elements along an axis from the smallest to the largest (or the other way), and the places (int64) that they
        /// had.</summary>
        /// <remarks>Equal elements keep their order, 0 and -0 are equal, and a nan is larger than anything.</remarks>
        public (Tensor Values, Tensor Indices) Sort(int dim = -1, bool descending = false)
        {
            var axis = input.Shape.Axis(dim);
            var values = Tensor.Empty(input.Shape, input.DType, input.Device);
            var indices = Tensor.Empty(input.Shape, DType.Int64, input.Device);
            Backend.For(input).Sort(
                TopKOperation.AxisLast(input, axis),
                descending,
                TopKOperation.AxisLast(values, axis),
                TopKOperation.AxisLast(indices, axis));
            TopKOperation.Record(input, axis, values, indices);
            return (values, indices);
        }
    }
}
