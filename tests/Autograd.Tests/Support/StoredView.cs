using System.Text.Json;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Support;

/// <summary>
/// A case's <c>via</c>: the views through which an operation sees a stored input. Independent of the operations under test.
/// </summary>
internal static class StoredView
{
    public static Tensor Of(Tensor stored, JsonElement steps)
    {
        var layout = stored.Layout;
        foreach (var step in steps.EnumerateArray()) layout = Apply(layout, step);
        return Of(stored, layout);
    }

    /// <summary>A recorded view of a contiguous tensor.</summary>
    public static Tensor Of(Tensor stored, Layout layout)
    {
        var view = stored.WithLayout(layout);
        if (Tape.Record<StoredViewBackward>(view, stored) is { } node) (node.Stored, node.Seen) = (stored.Shape, layout);
        return view;
    }

    private static Layout Apply(Layout layout, JsonElement step)
    {
        switch (step.GetProperty("op").GetString())
        {
            case "transpose":
                var dims = step.GetProperty("dims");
                return layout.Transpose(dims[0].GetInt32(), dims[1].GetInt32());
            case "slice":
                long start = Number("start"), stride = Number("step");
                return layout.Slice((int)Number("dim"), start, (Number("stop") - start + stride - 1) / stride, stride);
            case "expand":
                return layout.Expand(new Shape(step.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray()));
            case var other:
                throw new NotSupportedException($"view {other}");
        }

        long Number(string name) => step.GetProperty(name).GetInt64();
    }
}

internal sealed class StoredViewBackward : Node
{
    public Shape Stored;
    public Layout Seen;

    protected internal override void Backward()
    {
        var sums = new double[Stored.ElementCount];
        var values = Compare.Doubles(Gradient);
        Span<long> index = stackalloc long[Shape.MaxRank];
        for (var i = 0; i < values.Length; i++)
        {
            var place = Seen.Offset;
            for (var axis = 0; axis < Seen.Shape.Rank; axis++) place += index[axis] * Seen.Stride(axis);
            sums[place] += values[i];
            for (var axis = Seen.Shape.Rank - 1; axis >= 0 && ++index[axis] == Seen.Shape[axis]; axis--) index[axis] = 0;
        }
        Give(0, Compare.Convert(Tensor.From(sums, Stored), Gradient.DType));
    }
}
