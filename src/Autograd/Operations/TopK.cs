using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The largest elements along an axis, in order, and their places. Gradient: g put back in the places.</summary>
public static class TopKOperation
{
    extension(Tensor input)
    {
        /// <summary>The <paramref name="k"/> largest (or smallest) elements along an axis, from the outermost inwards, and their places
        /// (int64).</summary>
        /// <remarks>Of equal elements the one in front comes first; a nan is larger than anything.</remarks>
        public (Tensor Values, Tensor Indices) TopK(long k, int dim = -1, bool largest = true)
        {
            var axis = input.Shape.Axis(dim);
            if (k < 0 || k > input.Size(axis))
            {
                throw new ArgumentOutOfRangeException(nameof(k), k, $"TopK: axis {dim} of {input} has {input.Size(axis)} places");
            }
            var shape = input.Shape.With(axis, k);
            Tensor values = Tensor.Empty(shape, input.DType, input.Device), indices = Tensor.Empty(shape, DType.Int64, input.Device);
            Backend.For(input).TopK(AxisLast(input, axis), largest, AxisLast(values, axis), AxisLast(indices, axis));
            Record(input, axis, values, indices);
            return (values, indices);
        }
    }

    internal static Tensor AxisLast(Tensor tensor, int axis) =>
        axis == tensor.Rank - 1 ? tensor : tensor.WithLayout(tensor.Layout.Transpose(axis, -1));

    internal static void Record(Tensor input, int axis, Tensor values, Tensor indices)
    {
        if (Tape.Record<TopKBackward>(values, input) is not { } node) return;
        (node.Input, node.Axis) = (input.Shape, axis);
        node.Save(indices);
    }
}

internal sealed class TopKBackward : Node
{
    public Shape Input;
    public int Axis;

    protected internal override void Backward()
    {
        var given = Tensor.Zeros(Input, Gradient.DType, Gradient.Device);
        Backend.For(given).ScatterAdd(given, Axis, Saved(0), Gradient); // no place comes twice
        Give(0, given);
    }
}
