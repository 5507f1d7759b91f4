using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Tensors of one shape joined along a new axis. Gradient: each gets its place of g, as a view.</summary>
public static class StackOperation
{
    extension(Tensor)
    {
        /// <summary>The tensors side by side in a new axis put in before axis <paramref name="dim"/>; -1 puts it last.</summary>
        public static Tensor Stack(ReadOnlySpan<Tensor> tensors, int dim = 0)
        {
            if (tensors.IsEmpty) throw new ArgumentException("Stack: needs at least one tensor", nameof(tensors));
            if (Autocast.Disagree(tensors)) return Tensor.Stack(Autocast.Promote(tensors), dim);
            var shape = tensors[0].Shape;
            for (var i = 1; i < tensors.Length; i++)
            {
                Check.SameKind("Stack", tensors[0], tensors[i]);
                if (tensors[i].Shape != shape)
                {
                    throw new ArgumentException($"Stack: tensor {i} has shape {tensors[i].Shape}, the first has {shape}", nameof(tensors));
                }
            }
            if (dim < -shape.Rank - 1 || dim > shape.Rank)
            {
                throw new ArgumentOutOfRangeException(nameof(dim), dim, $"Stack: a new axis of {shape} is at 0 to {shape.Rank}");
            }
            var axis = dim < 0 ? dim + shape.Rank + 1 : dim;
            var stacked = Tensor.Empty(shape.Insert(axis, tensors.Length), tensors[0].DType, tensors[0].Device);
            for (var i = 0; i < tensors.Length; i++)
            {
                Backend.For(stacked).Copy(tensors[i], stacked.WithLayout(stacked.Layout.Select(axis, i)));
            }
            if (Tape.Record<StackBackward>(stacked, tensors) is { } node) (node.Axis, node.Count) = (axis, tensors.Length);
            return stacked;
        }
    }
}

internal sealed class StackBackward : Node
{
    public int Axis, Count;

    protected internal override void Backward()
    {
        for (var i = 0; i < Count; i++)
        {
            if (Needs(i)) Give(i, Gradient.WithLayout(Gradient.Layout.Select(Axis, i)));
        }
    }
}
