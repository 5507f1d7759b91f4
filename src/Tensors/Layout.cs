using System.Diagnostics.CodeAnalysis;

namespace NativeTrainer.Tensors;

/// <summary>Where a tensor's elements stand in its storage: a shape, a step for each axis, and the place of the first element, all counted in elements.</summary>
/// <remarks>Transposing, slicing, expanding and (where possible) reshaping make a new layout over the same storage. An expanded axis has stride 0.</remarks>
public readonly struct Layout
{
    private readonly Axes _strides;

    private Layout(Shape shape, ReadOnlySpan<long> strides, long offset)
    {
        Shape = shape;
        Offset = offset;
        strides[..shape.Rank].CopyTo(_strides);
        IsContiguous = RowMajor(shape, strides);
    }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The place of the first element in the storage.</summary>
    public long Offset { get; }

    /// <summary>Whether the elements lie side by side in row-major order (axes of size 1 do not matter; an empty tensor is contiguous).</summary>
    public bool IsContiguous { get; }

    /// <summary>The steps of all axes, outermost first.</summary>
    [UnscopedRef]
    public ReadOnlySpan<long> Strides => ((ReadOnlySpan<long>)_strides)[..Shape.Rank];

    /// <summary>The step of one axis; negative axes count from the end.</summary>
    public long Stride(int axis) => _strides[Shape.Axis(axis)];

    /// <summary>Row-major, from <paramref name="offset"/> on.</summary>
    public static Layout Contiguous(Shape shape, long offset = 0)
    {
        Span<long> strides = stackalloc long[Shape.MaxRank];
        var step = 1L;
        for (var i = shape.Rank - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= Math.Max(shape[i], 1);
        }
        return new Layout(shape, strides, offset);
    }

    /// <summary>Any steps; the caller answers for their staying inside the storage.</summary>
    public static Layout Strided(Shape shape, ReadOnlySpan<long> strides, long offset = 0)
    {
        if (strides.Length != shape.Rank) throw new ArgumentException($"shape {shape} needs {shape.Rank} strides, found {strides.Length}", nameof(strides));
        return new Layout(shape, strides, offset);
    }

    /// <summary>The axes in another order; each must be named once.</summary>
    public Layout Permute(params ReadOnlySpan<int> axes)
    {
        if (axes.Length != Shape.Rank) throw new ArgumentException($"shape {Shape} needs {Shape.Rank} axes in permute, found {axes.Length}", nameof(axes));
        Span<long> sizes = stackalloc long[Shape.MaxRank], strides = stackalloc long[Shape.MaxRank];
        var seen = 0;
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = Shape.Axis(axes[i]);
            if ((seen & (1 << axis)) != 0) throw new ArgumentException($"permute names axis {axis} twice", nameof(axes));
            seen |= 1 << axis;
            (sizes[i], strides[i]) = (Shape[axis], _strides[axis]);
        }
        return new Layout(new Shape(sizes[..axes.Length]), strides, Offset);
    }

    /// <summary>Two axes exchanged.</summary>
    public Layout Transpose(int first, int second)
    {
        Span<int> axes = stackalloc int[Shape.Rank];
        for (var i = 0; i < axes.Length; i++) axes[i] = i;
        (first, second) = (Shape.Axis(first), Shape.Axis(second));
        (axes[first], axes[second]) = (second, first);
        return Permute(axes);
    }

    /// <summary><paramref name="length"/> places of an axis, from <paramref name="start"/>, every <paramref name="step"/>th.</summary>
    public Layout Slice(int axis, long start, long length, long step = 1)
    {
        axis = Shape.Axis(axis);
        var room = Shape[axis] - start;
        if (start < 0 || length < 0 || step < 1 || room < Math.Min(length, 1) || (length > 0 && length - 1 > (room - 1) / step))
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"slice start {start}, length {length}, step {step} leaves axis {axis} of shape {Shape}");
        }
        Span<long> strides = stackalloc long[Shape.MaxRank];
        Strides.CopyTo(strides);
        strides[axis] *= step;
        return new Layout(Shape.With(axis, length), strides, Offset + (start * _strides[axis]));
    }

    /// <summary>One place of an axis, which goes away.</summary>
    public Layout Select(int axis, long index)
    {
        axis = Shape.Axis(axis);
        if ((ulong)index >= (ulong)Shape[axis])
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"axis {axis} of shape {Shape} has places 0 to {Shape[axis] - 1}");
        }
        return Slice(axis, index, 1).Squeeze(axis);
    }

    /// <summary>Without an axis of size 1.</summary>
    public Layout Squeeze(int axis)
    {
        axis = Shape.Axis(axis);
        if (Shape[axis] != 1) throw new ArgumentException($"axis {axis} of shape {Shape} has size {Shape[axis]}, only size 1 can be squeezed away", nameof(axis));
        Span<long> strides = stackalloc long[Shape.MaxRank];
        Strides[..axis].CopyTo(strides);
        Strides[(axis + 1)..].CopyTo(strides[axis..]);
        return new Layout(Shape.Without(axis), strides, Offset);
    }

    /// <summary>With an axis of size 1 put in at a place between 0 and the rank; negative places count from behind the last.</summary>
    public Layout Unsqueeze(int axis)
    {
        if (axis < 0) axis += Shape.Rank + 1;
        Span<long> strides = stackalloc long[Shape.MaxRank + 1];
        var shape = Shape.Insert(axis, 1);
        Strides[..axis].CopyTo(strides);
        strides[axis] = 1;
        Strides[axis..].CopyTo(strides[(axis + 1)..]);
        return new Layout(shape, strides, Offset);
    }

    /// <summary>Axes of size 1, and missing ones in front, repeated without a copy to make <paramref name="shape"/>.</summary>
    public Layout Expand(Shape shape)
    {
        var added = shape.Rank - Shape.Rank;
        Span<long> strides = stackalloc long[Shape.MaxRank];
        var fits = added >= 0;
        for (var i = 0; fits && i < Shape.Rank; i++)
        {
            strides[i + added] = Shape[i] == shape[i + added] ? _strides[i] : 0;
            fits = Shape[i] == shape[i + added] || Shape[i] == 1;
        }
        if (!fits) throw new ArgumentException($"shape {Shape} cannot be expanded to {shape}: each axis must be equal or 1", nameof(shape));
        return new Layout(shape, strides, Offset);
    }

    /// <summary>The same elements in the same order under another shape, where no copy is needed; else false.</summary>
    public bool TryReshape(Shape shape, out Layout layout)
    {
        layout = default;
        if (shape.ElementCount != Shape.ElementCount) return false;
        if (IsContiguous)
        {
            layout = Contiguous(shape, Offset);
            return true;
        }

        // Each group of new axes must come from a group of old axes that step evenly into one another.
        Span<long> strides = stackalloc long[Shape.MaxRank];
        int oldEnd = Shape.Rank - 1, newEnd = shape.Rank - 1;
        while (oldEnd >= 0)
        {
            if (Shape[oldEnd] == 1)
            {
                oldEnd--; // its stride means nothing
                continue;
            }
            var step = _strides[oldEnd];
            var count = Shape[oldEnd];
            while (oldEnd > 0 && (Shape[oldEnd - 1] == 1 || _strides[oldEnd - 1] == step * count))
            {
                oldEnd--;
                count *= Shape[oldEnd];
            }
            oldEnd--;
            while (newEnd >= 0 && (count > 1 || shape[newEnd] == 1))
            {
                if (count % shape[newEnd] != 0) return false;
                strides[newEnd] = step;
                step *= shape[newEnd];
                count /= shape[newEnd];
                newEnd--;
            }
            if (count != 1) return false;
        }
        layout = new Layout(shape, strides, Offset);
        return true;
    }

    /// <summary>As <c>[2, 3] strides [3, 1] offset 0</c>.</summary>
    public override string ToString() => $"{Shape} strides [{string.Join(", ", Strides.ToArray())}] offset {Offset}";

    private static bool RowMajor(Shape shape, ReadOnlySpan<long> strides)
    {
        var step = 1L;
        for (var i = shape.Rank - 1; i >= 0; i--)
        {
            if (shape[i] == 0) return true;
            if (shape[i] != 1 && strides[i] != step) return shape.ElementCount == 0;
            step *= shape[i];
        }
        return true;
    }
}
