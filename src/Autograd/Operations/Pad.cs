using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>A margin of one value around a tensor. Gradient: the part of g inside the margin.</summary>
public static class PadOperation
{
    extension(Tensor input)
    {
        /// <summary>Puts <paramref name="value"/> before and behind axes.</summary>
        /// <param name="widths">How much before and behind the last axis, then before and behind the one in front of it, and so on;
        /// negative widths cut.</param>
        /// <param name="value">What the margin holds.</param>
        public Tensor Pad(ReadOnlySpan<long> widths, double value = 0)
        {
            var axes = widths.Length / 2;
            if (widths.Length % 2 != 0 || axes > input.Rank)
            {
                throw new ArgumentException(
                    $"Pad: widths come in pairs for at most the {input.Rank} axes of {input}, found {widths.Length} numbers", nameof(widths));
            }
            var shape = input.Shape;
            for (var i = 0; i < axes; i++)
            {
                var (before, behind) = (widths[2 * i], widths[(2 * i) + 1]);
                var size = shape[-1 - i] + before + behind;
                if (size < 0)
                {
                    throw new ArgumentException($"Pad: widths {before} and {behind} cut axis {-1 - i} of {input} below 0", nameof(widths));
                }
                shape = shape.With(-1 - i, size);
            }
            var output = Tensor.Empty(shape, input.DType, input.Device);
            var (from, to) = (input.Layout, output.Layout);
            for (var i = 0; i < axes; i++)
            {
                var (axis, before, behind) = (shape.Rank - 1 - i, widths[2 * i], widths[(2 * i) + 1]);
                FillEdge(output, to.Slice(axis, 0, Math.Clamp(before, 0, shape[axis])), value);
                FillEdge(output, to.Slice(axis, Math.Max(shape[axis] - Math.Max(behind, 0), 0), Math.Clamp(behind, 0, shape[axis])), value);
                from = Inside(from, axis, -before, -behind);
                to = Inside(to, axis, before, behind);
            }
            Backend.For(output).Copy(input.WithLayout(from), output.WithLayout(to));
            if (Tape.Record<PadBackward>(output, input) is { } node)
            {
                var place = Layout.Contiguous(input.Shape);
                for (var i = 0; i < axes; i++) place = Inside(place, shape.Rank - 1 - i, -widths[2 * i], -widths[(2 * i) + 1]);
                (node.Input, node.From, node.To) = (input.Shape, to, place);
            }
            return output;
        }
    }

    // What an axis keeps when positive widths are cut off its ends.
    private static Layout Inside(in Layout layout, int axis, long before, long behind)
    {
        var start = Math.Min(Math.Max(before, 0), layout.Shape[axis]);
        return layout.Slice(axis, start, Math.Max(layout.Shape[axis] - start - Math.Max(behind, 0), 0));
    }

    private static void FillEdge(Tensor output, in Layout edge, double value)
    {
        if (edge.Shape.ElementCount > 0) Backend.For(output).Fill(output.WithLayout(edge), value);
    }
}

internal sealed class PadBackward : Node
{
    public Shape Input;
    public Layout From, To;

    protected internal override void Backward()
    {
        // From is a layout in the contiguous result; the gradient may lie otherwise.
        var inside = Views.Contiguous(Gradient);
        inside = inside.WithLayout(Layout.Strided(From.Shape, From.Strides, inside.Layout.Offset + From.Offset));
        if (From.Shape == Input)
        {
            Give(0, inside);
            return;
        }
        var given = Tensor.Zeros(Input, Gradient.DType, Gradient.Device);
        Backend.For(given).Copy(inside, given.WithLayout(To));
        Give(0, given);
    }
}
