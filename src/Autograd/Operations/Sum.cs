using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The sum over some axes or all. Gradient: repeated along them.</summary>
public static class SumOperation
{
    extension(Tensor input)
    {
        /// <summary>
        /// The sum over <paramref name="axes"/> (all where none is named); they go away, or stay with size 1 if <paramref name="keepDim"/>.
        /// The sum of whole numbers and of bool is int64.
        /// </summary>
        public Tensor Sum(ReadOnlySpan<int> axes = default, bool keepDim = false)
        {
            var (kept, shape) = Reduction.Shapes("Sum", input, axes, keepDim);
            var sum = Tensor.Empty(kept, input.DType.IsFloatingPoint ? input.DType : DType.Int64, input.Device);
            Backend.For(sum).Sum(input, sum);
            var output = sum.WithLayout(Layout.Contiguous(shape));
            if (Tape.Record<SumBackward>(output, input) is { } node) (node.Input, node.Kept) = (input.Shape, kept);
            return output;
        }

        /// <summary>The sum over one axis.</summary>
        public Tensor Sum(int dim, bool keepDim = false) => input.Sum([dim], keepDim);
    }
}

internal sealed class SumBackward : Node
{
    public Shape Input, Kept;

    protected internal override void Backward() => Give(0, Broadcast.To(Views.Reshape(Gradient, Kept), Input));
}

/// <summary>Shapes of what sums, means, maxima leave.</summary>
internal static class Reduction
{
    /// <summary>The shape with every reduced axis at size 1, and the shape that the caller asked for.</summary>
    public static (Shape Kept, Shape Result) Shapes(string operation, Tensor input, ReadOnlySpan<int> axes, bool keepDim)
    {
        var shape = input.Shape;
        var reduced = 0;
        foreach (var axis in axes)
        {
            if (shape.Rank == 0 && axis is 0 or -1) continue; // a scalar stands for a vector of one
            var bit = 1 << shape.Axis(axis);
            if ((reduced & bit) != 0) throw new ArgumentException($"{operation}: axis {axis} of {input} is named twice");
            reduced |= bit;
        }
        var (kept, result) = (shape, shape);
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (!axes.IsEmpty && (reduced & (1 << axis)) == 0) continue;
            kept = kept.With(axis, 1);
            result = keepDim ? result.With(axis, 1) : result.Without(axis);
        }
        return (kept, result);
    }

    /// <summary>As <see cref="Shapes"/>, for operations that have no result for no elements.</summary>
    public static (Shape Kept, Shape Result) NonEmpty(string operation, Tensor input, ReadOnlySpan<int> axes, bool keepDim)
    {
        var shapes = Shapes(operation, input, axes, keepDim);
        if (input.ElementCount > 0 || shapes.Kept.ElementCount == 0) return shapes;
        throw new ArgumentException($"{operation}: {input} has no elements along the axes to reduce");
    }
}
