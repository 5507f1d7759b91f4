using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>log Σ e^x over some axes, without overflow. Gradient: g · e^(x − y).</summary>
public static class LogSumExpOperation
{
    extension(Tensor input)
    {
        /// <summary>
        /// Over <paramref name="dims"/> (all where none is named); they go away, or stay with size 1 if <paramref name="keepDim"/>.
        /// </summary>
        public Tensor LogSumExp(ReadOnlySpan<int> dims = default, bool keepDim = false)
        {
            Check.Floating("LogSumExp", input);
            var (kept, shape) = Reduction.Shapes("LogSumExp", input, dims, keepDim);
            Span<int> order = stackalloc int[input.Rank];
            var rowLength = ReducedLast(input.Shape, kept, order);
            var rows = Views.Reshape(input.WithLayout(input.Layout.Permute(order)), [kept.ElementCount, rowLength]);
            rows = Views.Contiguous(rows);
            var results = Tensor.Empty([kept.ElementCount], input.DType, input.Device);
            Backend.For(results).LogSumExp(rows, results);
            var output = results.WithLayout(Layout.Contiguous(shape));
            if (Tape.Record<LogSumExpBackward>(output, input) is { } node)
            {
                (node.Input, node.Kept) = (input.Shape, kept);
                node.Save(rows, results);
            }
            return output;
        }
    }

    /// <summary>The axes with the reduced ones last; returns how many elements those have.</summary>
    internal static long ReducedLast(Shape shape, Shape kept, Span<int> order)
    {
        var (length, front, back) = (1L, 0, shape.Rank);
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (kept[axis] == shape[axis]) continue;
            length *= shape[axis];
            order[--back] = axis;
        }
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (kept[axis] == shape[axis]) order[front++] = axis;
        }
        return length;
    }
}

internal sealed class LogSumExpBackward : Node
{
    public Shape Input, Kept;

    protected internal override void Backward()
    {
        var rows = Saved(0);
        var given = Tensor.Empty(rows.Shape, rows.DType, rows.Device);
        Backend.For(given).LogSumExpBackward(rows, Saved(1), Views.Contiguous(Views.Reshape(Gradient, [rows.Size(0)])), given);

        // Back into the order of the input's axes.
        Span<int> order = stackalloc int[Input.Rank], inverse = stackalloc int[Input.Rank];
        Span<long> sizes = stackalloc long[Input.Rank];
        LogSumExpOperation.ReducedLast(Input, Kept, order);
        for (var i = 0; i < order.Length; i++) (inverse[order[i]], sizes[i]) = (i, Input[order[i]]);
        Give(0, given.WithLayout(Layout.Contiguous(new Shape(sizes)).Permute(inverse)));
    }
}
