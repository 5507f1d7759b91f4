using System.Runtime.CompilerServices;
using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Python's square brackets. Gradient: zeros with g put back in its places; where tensors name a place twice, its contributions
/// add up in their order.</summary>
public static class IndexOperation
{
    extension(Tensor input)
    {
        /// <summary>
        /// What <c>input[...]</c> is in Python: numbers drop an axis, ranges and slices cut it, <see cref="TensorIndex.NewAxis"/> puts one
        /// in, <see cref="TensorIndex.Rest"/> skips axes. Without tensors the result is a view.
        /// </summary>
        /// <remarks>
        /// Index tensors broadcast against one another, and their shape takes the place of their axes if these stand side by side, else it
        /// comes first (PyTorch's rule). A mask counts as one index tensor for each of its axes.
        /// <example><code>
        /// hidden.Index(.., 0)                // the first token of each row
        /// logits.Index(rows, lengths)        // one token of each row
        /// labels.Index(labelMask)            // the chosen ones, in a row
        /// </code></example>
        /// </remarks>
        public Tensor Index(params ReadOnlySpan<TensorIndex> entries)
        {
            var (rest, place) = (RestOf(input, entries), Layout.Contiguous(input.Shape));
            var (layout, changed, axis, count) = (input.Layout, false, 0, 0);
            Span<int> axes = stackalloc int[Shape.MaxRank];
            var tensors = default(TensorOctet);
            foreach (ref readonly var entry in entries)
            {
                switch (entry.Kind)
                {
                    case TensorIndexKind.Rest:
                        axis += rest;
                        break;
                    case TensorIndexKind.NewAxis:
                        (layout, place, changed) = (layout.Unsqueeze(axis), place.Unsqueeze(axis), true);
                        axis++;
                        break;
                    case TensorIndexKind.Place:
                        var at = SliceBounds.Place("Index", layout.Shape, axis, entry.Start!.Value);
                        (layout, place, changed) = (layout.Select(axis, at), place.Select(axis, at), true);
                        break;
                    case TensorIndexKind.Slice:
                        layout = SliceBounds.Cut(layout, axis, entry.Start, entry.Stop, entry.Step);
                        place = SliceBounds.Cut(place, axis++, entry.Start, entry.Stop, entry.Step);
                        changed |= entry.Start is not null || entry.Stop is not null || entry.Step != 1;
                        break;
                    case TensorIndexKind.Range:
                        var (start, stop) = SliceBounds.Of(entry.Range, layout.Shape[axis]);
                        (layout, place) = (SliceBounds.Cut(layout, axis, start, stop, 1), SliceBounds.Cut(place, axis, start, stop, 1));
                        axis++;
                        changed |= !entry.Range.Equals(Range.All);
                        break;
                    default:
                        var named = entry.Tensor.DType == DType.Bool ? Places(entry.Tensor, layout.Shape, axis) : entry.Tensor.Unsqueeze(0);
                        for (var i = 0; i < named.Size(0); i++)
                        {
                            axes[count] = axis++;
                            tensors[count++] = named.WithLayout(named.Layout.Select(0, i));
                        }
                        break;
                }
            }
            var view = changed || count == 0 ? SliceOperation.Record(input, layout, place) : input;
            return count == 0 ? view : Take("Index", view, axes[..count], tensors);
        }

        /// <summary>The places of axis <paramref name="dim"/> that a vector of whole numbers names; negative ones count from the
        /// end.</summary>
        public Tensor IndexSelect(int dim, Tensor index)
        {
            if (index.Rank > 1) throw new ArgumentException($"IndexSelect: index is a vector, found {index}", nameof(index));
            var tensors = default(TensorOctet);
            tensors[0] = index.Rank == 0 ? index.WithLayout(index.Layout.Unsqueeze(0)) : index;
            return Take("IndexSelect", input, [input.Shape.Axis(dim)], tensors);
        }
    }

    // How many axes the entries leave over; they may leave some without saying so at the end.
    private static int RestOf(Tensor input, ReadOnlySpan<TensorIndex> entries)
    {
        int used = 0, rests = 0;
        foreach (ref readonly var entry in entries)
        {
            rests += entry.Kind == TensorIndexKind.Rest ? 1 : 0;
            used += entry.Kind switch
            {
                TensorIndexKind.Rest or TensorIndexKind.NewAxis => 0,
                TensorIndexKind.Tensor when entry.Tensor.DType == DType.Bool => entry.Tensor.Rank,
                _ => 1,
            };
        }
        if (used > input.Rank)
        {
            throw new ArgumentException($"Index: the entries name {used} axes, {input} has {input.Rank}", nameof(entries));
        }
        if (rests > 1) throw new ArgumentException("Index: Rest may stand once", nameof(entries));
        return input.Rank - used;
    }

    private static Tensor Places(Tensor mask, Shape shape, int axis)
    {
        var fits = mask.Rank > 0;
        for (var i = 0; i < mask.Rank; i++) fits &= mask.Size(i) == shape[axis + i];
        if (!fits) throw new ArgumentException($"Index: a mask of shape {mask.Shape} does not fit the axes from {axis} on of {shape}");
        var backend = Backend.For(mask);
        var places = Tensor.Empty([mask.Rank, backend.CountTrue(mask)], DType.Int64, mask.Device);
        backend.NonZero(mask, places);
        return places;
    }

    private static Tensor Take(string operation, Tensor input, ReadOnlySpan<int> axes, TensorOctet tensors)
    {
        var indices = ((Span<Tensor>)tensors)[..axes.Length];
        var common = BroadcastAll(operation, input, indices);
        var first = axes[^1] - axes[0] == axes.Length - 1 ? axes[0] : 0;

        // The kernel sees the indexed axes in front, in the source as in the result.
        var (sourceOrder, sizes) = (default(AxisOrder), common);
        for (var i = 0; i < axes.Length; i++) sourceOrder[i] = axes[i];
        for (int axis = 0, i = axes.Length; axis < input.Rank; axis++)
        {
            if (axes.Contains(axis)) continue;
            if (sizes.Rank == Shape.MaxRank)
            {
                throw new ArgumentException(
                    $"{operation}: the result of {input} and an index of shape {common} has more than {Shape.MaxRank} axes");
            }
            sizes = sizes.Insert(sizes.Rank, input.Size(axis));
            sourceOrder[i++] = axis;
        }
        var (resultOrder, behind) = (default(AxisOrder), first + common.Rank);
        for (var i = 0; i < sizes.Rank; i++) resultOrder[i] = i < common.Rank ? first + i : i < behind ? i - common.Rank : i;
        var shape = sizes;
        for (var i = 0; i < sizes.Rank; i++) shape = shape.With(resultOrder[i], sizes[i]);

        var output = Tensor.Empty(shape, input.DType, input.Device);
        Backend.For(output).Index(InOrder(input, sourceOrder), indices, InOrder(output, resultOrder));
        if (Tape.Record<IndexBackward>(output, input) is { } node)
        {
            node.Save(indices);
            (node.Input, node.Count, node.SourceOrder, node.ResultOrder) = (input.Shape, axes.Length, sourceOrder, resultOrder);
        }
        return output;
    }

    internal static Tensor InOrder(Tensor tensor, AxisOrder order) =>
        tensor.WithLayout(tensor.Layout.Permute(((ReadOnlySpan<int>)order)[..tensor.Rank]));

    private static Shape BroadcastAll(string operation, Tensor input, Span<Tensor> indices)
    {
        var common = indices[0].Shape;
        foreach (var index in indices)
        {
            Check.WholeNumbers(operation, "index", index);
            if (index.Device != input.Device)
            {
                throw new ArgumentException($"{operation}: the tensor is on {input.Device}, an index on {index.Device}");
            }
            common = Broadcast.Of(operation, common, index.Shape);
        }
        foreach (ref var index in indices) index = Broadcast.To(index, common);
        return common;
    }
}

internal sealed class IndexBackward : Node
{
    public Shape Input;
    public int Count;
    public AxisOrder SourceOrder, ResultOrder;

    protected internal override void Backward()
    {
        var tensors = default(TensorOctet);
        for (var i = 0; i < Count; i++) tensors[i] = Saved(i);
        var direct = TryGetBuffer(0, out var given);
        if (!direct) given = Tensor.Zeros(Input, Gradient.DType, Gradient.Device);
        var (target, source) = (IndexOperation.InOrder(given, SourceOrder), IndexOperation.InOrder(Gradient, ResultOrder));
        Backend.For(given).IndexAdd(target, ((ReadOnlySpan<Tensor>)tensors)[..Count], source);
        if (!direct) Give(0, given);
    }
}

/// <summary>As many tensors as a tensor has axes.</summary>
[InlineArray(Shape.MaxRank)]
internal struct TensorOctet
{
    private Tensor _first;
}
