using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The same elements in row-major order under another shape: a view where the layout allows, else a copy. Gradient: reshaped
/// back.</summary>
public static class ReshapeOperation
{
    extension(Tensor input)
    {
        /// <summary>Another shape with as many elements; one size may be -1 and is worked out.</summary>
        public Tensor Reshape(params ReadOnlySpan<long> sizes) => Record(input, Views.Reshape(input, Views.Infer(input.Shape, sizes)));

        /// <summary>The axes from <paramref name="startDim"/> to <paramref name="endDim"/> (both included) joined into one; a scalar
        /// becomes a vector of 1.</summary>
        public Tensor Flatten(int startDim = 0, int endDim = -1)
        {
            var shape = input.Shape;
            if (shape.Rank == 0) return input.Reshape(1);
            int start = shape.Axis(startDim), end = shape.Axis(endDim);
            if (start > end) throw new ArgumentException($"Flatten: axis {startDim} of {input} comes after axis {endDim}");
            var joined = shape[start];
            for (var axis = end; axis > start; axis--)
            {
                joined *= shape[axis];
                shape = shape.Without(axis);
            }
            return Record(input, Views.Reshape(input, shape.With(start, joined)));
        }
    }

    /// <summary>Records any result that has the input's elements in the input's row-major order.</summary>
    internal static Tensor Record(Tensor input, Tensor output)
    {
        if (Tape.Record<ReshapeBackward>(output, input) is { } node) node.Input = input.Shape;
        return output;
    }
}

internal sealed class ReshapeBackward : Node
{
    public Shape Input;

    protected internal override void Backward() => Give(0, Views.Reshape(Gradient, Input));
}

/// <summary>Unrecorded views, for operations and their backward passes.</summary>
internal static class Views
{
    /// <summary>A view under another shape, or a contiguous copy where no view can be.</summary>
    public static Tensor Reshape(Tensor tensor, Shape shape)
    {
        if (tensor.Layout.TryReshape(shape, out var layout)) return tensor.WithLayout(layout);
        return Contiguous(tensor).WithLayout(Layout.Contiguous(shape));
    }

    /// <summary>The tensor itself if it is contiguous, else a copy that is.</summary>
    public static Tensor Contiguous(Tensor tensor)
    {
        if (tensor.IsContiguous) return tensor;
        var copy = Tensor.Empty(tensor.Shape, tensor.DType, tensor.Device);
        Backend.For(copy).Copy(tensor, copy);
        return copy;
    }

    public static Shape Infer(Shape from, ReadOnlySpan<long> sizes)
    {
        Span<long> found = stackalloc long[Shape.MaxRank + 1];
        if (sizes.Length > Shape.MaxRank) throw new ArgumentException($"Reshape: at most {Shape.MaxRank} axes, found {sizes.Length}");
        var unknown = -1;
        var known = 1L;
        for (var i = 0; i < sizes.Length; i++)
        {
            found[i] = sizes[i];
            if (sizes[i] != -1) known *= sizes[i];
            else if (unknown < 0) unknown = i;
            else throw new ArgumentException("Reshape: only one size may be -1");
        }
        if (unknown >= 0 && known != 0) found[unknown] = from.ElementCount / known;
        var fits = unknown < 0 ? known == from.ElementCount : known != 0 && found[unknown] * known == from.ElementCount;
        if (!fits)
        {
            throw new ArgumentException(
                $"Reshape: shape {from} with {from.ElementCount} elements does not fit [{string.Join(", ", sizes.ToArray())}]");
        }
        return new Shape(found[..sizes.Length]);
    }
}
