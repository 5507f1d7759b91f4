using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Tensors joined along an axis that they have. Gradient: each gets its part of g, as a view.</summary>
public static class ConcatOperation
{
    extension(Tensor)
    {
        /// <summary>Tensors of the same shape but for axis <paramref name="dim"/>, one after the other. Tensors of shape [0] are passed
        /// over, as PyTorch does.</summary>
        public static Tensor Concat(ReadOnlySpan<Tensor> tensors, int dim = 0)
        {
            if (Autocast.Disagree(tensors)) return Tensor.Concat(Autocast.Promote(tensors), dim);
            var shape = ShapeOf(tensors, ref dim);
            var joined = Tensor.Empty(shape, tensors[0].DType, tensors[0].Device);
            var start = 0L;
            foreach (var tensor in tensors)
            {
                if (IsNothing(tensor)) continue;
                Backend.For(joined).Copy(tensor, joined.WithLayout(joined.Layout.Slice(dim, start, tensor.Size(dim))));
                start += tensor.Size(dim);
            }
            Tape.Record<ConcatBackward>(joined, tensors)?.Remember(dim, tensors);
            return joined;
        }
    }

    internal static bool IsNothing(Tensor tensor) => tensor.Rank == 1 && tensor.Size(0) == 0;

    private static Shape ShapeOf(ReadOnlySpan<Tensor> tensors, ref int dim)
    {
        if (tensors.IsEmpty) throw new ArgumentException("Concat: needs at least one tensor", nameof(tensors));
        var first = tensors[0];
        foreach (var tensor in tensors)
        {
            Check.SameKind("Concat", tensors[0], tensor);
            if (IsNothing(first)) first = tensor;
        }
        if (first.Rank == 0) throw new ArgumentException("Concat: scalars have no axis to be joined along; use Stack", nameof(tensors));
        dim = first.Shape.Axis(dim);
        var length = 0L;
        for (var i = 0; i < tensors.Length; i++)
        {
            if (IsNothing(tensors[i])) continue;
            if (tensors[i].Rank != first.Rank || tensors[i].Shape.With(dim, 0) != first.Shape.With(dim, 0))
            {
                throw new ArgumentException(
                    $"Concat: tensor {i} of shape {tensors[i].Shape} does not go with {first.Shape} along axis {dim}", nameof(tensors));
            }
            length += tensors[i].Size(dim);
        }
        return first.Shape.With(dim, length);
    }
}

internal sealed class ConcatBackward : Node
{
    private const long Nothing = -1;

    private long[] _sizes = new long[4];
    private int _axis;
    private int _count;

    public void Remember(int axis, ReadOnlySpan<Tensor> tensors)
    {
        (_axis, _count) = (axis, tensors.Length);
        if (_sizes.Length < _count) _sizes = new long[_count];
        for (var i = 0; i < _count; i++) _sizes[i] = ConcatOperation.IsNothing(tensors[i]) ? Nothing : tensors[i].Size(axis);
    }

    protected internal override void Backward()
    {
        var start = 0L;
        for (var i = 0; i < _count; i++)
        {
            if (_sizes[i] == Nothing)
            {
                if (Needs(i)) Give(i, Tensor.Empty([0], Gradient.DType, Gradient.Device));
                continue;
            }
            if (Needs(i)) Give(i, Gradient.WithLayout(Gradient.Layout.Slice(_axis, start, _sizes[i])));
            start += _sizes[i];
        }
    }
}
