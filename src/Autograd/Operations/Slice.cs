using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Part of one axis, as a view: Slice, Narrow, Select. Gradient: zeros with g in its place.</summary>
/// <example><code>
/// logits.Slice(1, ..^1)      // all but the last place of axis 1
/// logits.Slice(1, stop: -1)  // the same, as Python counts
/// logits.Select(1, -1)       // the last place; the axis goes away
/// </code></example>
public static class SliceOperation
{
    extension(Tensor input)
    {
        /// <summary>The places from <paramref name="start"/> up to, not including, <paramref name="stop"/>, every
        /// <paramref name="step"/>th, as Python slices: negative ones count from the end, those beyond the axis are cut.</summary>
        public Tensor Slice(int dim, long? start = null, long? stop = null, long step = 1)
        {
            if (step < 1) throw new ArgumentOutOfRangeException(nameof(step), step, "Slice: step is 1 or more");
            var place = SliceBounds.Cut(Layout.Contiguous(input.Shape), dim, start, stop, step);
            return Record(input, SliceBounds.Cut(input.Layout, dim, start, stop, step), place);
        }

        /// <summary>The places of a range such as <c>1..^1</c>; those beyond the axis are cut.</summary>
        public Tensor Slice(int dim, Range range)
        {
            var (start, stop) = SliceBounds.Of(range, input.Size(dim));
            return input.Slice(dim, start, stop);
        }

        /// <summary><paramref name="length"/> places from <paramref name="start"/> on, all of which must exist.</summary>
        public Tensor Narrow(int dim, long start, long length)
        {
            if (start < 0) start += input.Size(dim);
            if (start < 0 || length < 0 || start + length > input.Size(dim))
            {
                throw new ArgumentOutOfRangeException(nameof(start), $"Narrow: {length} places from {start} leave axis {dim} of {input}");
            }
            return Record(input, input.Layout.Slice(dim, start, length), Layout.Contiguous(input.Shape).Slice(dim, start, length));
        }

        /// <summary>One place of an axis, which goes away; negative ones count from the end.</summary>
        public Tensor Select(int dim, long index)
        {
            var place = SliceBounds.Place("Select", input.Shape, dim, index);
            return Record(input, input.Layout.Select(dim, place), Layout.Contiguous(input.Shape).Select(dim, place));
        }
    }

    /// <summary>Records a view of part of the input; <paramref name="place"/> is where that part lies in a contiguous tensor of the input's
    /// shape.</summary>
    internal static Tensor Record(Tensor input, in Layout layout, in Layout place)
    {
        var output = input.WithLayout(layout);
        if (Tape.Record<SliceBackward>(output, input) is { } node) (node.Input, node.Place) = (input.Shape, place);
        return output;
    }
}

internal sealed class SliceBackward : Node
{
    public Shape Input;
    public Layout Place;

    protected internal override void Backward()
    {
        var whole = Tensor.Zeros(Input, Gradient.DType, Gradient.Device);
        Backend.For(whole).Copy(Gradient, whole.WithLayout(Place));
        Give(0, whole);
    }
}

/// <summary>Python's rules for what a slice and an index name.</summary>
internal static class SliceBounds
{
    public static Layout Cut(in Layout layout, int dim, long? start, long? stop, long step)
    {
        var size = layout.Shape[dim];
        long from = Bound(start ?? 0, size), to = Bound(stop ?? size, size);
        return layout.Slice(dim, from, to > from ? (to - from - 1) / step + 1 : 0, step);
    }

    public static (long Start, long Stop) Of(Range range, long size) => (Of(range.Start, size), Of(range.End, size));

    // ^7 of an axis of 5 is before its start: cut, and not counted from the end once more.
    public static long Of(Index index, long size) => index.IsFromEnd ? Math.Max(size - index.Value, 0) : index.Value;

    /// <summary>The place that an index names, from the front; throws where there is none.</summary>
    public static long Place(string operation, Shape shape, int dim, long index)
    {
        var size = shape[dim];
        if (index < -size || index >= size)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), index, $"{operation}: axis {dim} of shape {shape} has places {-size} to {size - 1}");
        }
        return index < 0 ? index + size : index;
    }

    private static long Bound(long bound, long size) => Math.Clamp(bound < 0 ? bound + size : bound, 0, size);
}
