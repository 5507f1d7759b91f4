using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The sum over some axes or all. Gradient: repeated along them.</summary>
public static class SumOperation
{
    extension(Tensor input)
    {
        /// <summary>The sum over <paramref name="axes"/> (all where none is named); they go away, or stay with size 1 if <paramref name="keepDim"/>.</summary>
        public Tensor Sum(ReadOnlySpan<int> axes = default, bool keepDim = false)
        {
            var (kept, shape) = Reduction.Shapes(input.Shape, axes, keepDim);
            var sum = Tensor.Empty(kept, input.DType, input.Device);
            Backend.For(sum).Sum(input, sum);
            var output = sum.WithLayout(Layout.Contiguous(shape));
            if (Tape.Record<SumBackward>(output, input) is { } node) (node.Input, node.Kept) = (input.Shape, kept);
            return output;
        }
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
    public static (Shape Kept, Shape Result) Shapes(Shape shape, ReadOnlySpan<int> axes, bool keepDim)
    {
        var (kept, result) = (shape, shape);
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            var reduced = axes.IsEmpty;
            foreach (var named in axes) reduced |= shape.Axis(named) == axis;
            if (!reduced) continue;
            kept = kept.With(axis, 1);
            result = keepDim ? result.With(axis, 1) : result.Without(axis);
        }
        return (kept, result);
    }
}
