using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Elements added at indices along an axis, in their order. Gradient: g for the tensor, g gathered for what was added.</summary>
public static class ScatterAddOperation
{
    extension(Tensor input)
    {
        /// <summary>A copy of this tensor where output[i, index[i, j, k], k] += src[i, j, k] for <paramref name="dim"/> 1, and likewise for
        /// others.</summary>
        /// <param name="dim">The axis that the indices run along.</param>
        /// <param name="index">int64 or int32, with as many axes; off <paramref name="dim"/> it may be smaller than this tensor.</param>
        /// <param name="src">What is added; it may be larger than the index and is read where the index is.</param>
        /// <exception cref="ArgumentOutOfRangeException">An index is negative or beyond the axis.</exception>
        public Tensor ScatterAdd(int dim, Tensor index, Tensor src)
        {
            var axis = input.Shape.Axis(dim);
            Check.SameKind("ScatterAdd", input, src);
            GatherOperation.CheckIndex("ScatterAdd", input, axis, index);
            var output = Tensor.Empty(input.Shape, input.DType, input.Device);
            Backend.For(output).Copy(input, output);
            Backend.For(output).ScatterAdd(output, axis, index, src.WithLayout(Corner(src.Layout, index.Shape)));
            if (Tape.Record<ScatterAddBackward>(output, input, src) is { } node)
            {
                (node.Source, node.Axis) = (src.Shape, axis);
                node.Save(index);
            }
            return output;
        }
    }

    /// <summary>The first places of each axis.</summary>
    internal static Layout Corner(Layout layout, Shape shape)
    {
        var fits = layout.Shape.Rank == shape.Rank;
        for (var i = 0; fits && i < shape.Rank; i++) fits = shape[i] <= layout.Shape[i];
        if (!fits) throw new ArgumentException($"ScatterAdd: src of shape {layout.Shape} is smaller than the index {shape}");
        for (var i = 0; i < shape.Rank; i++) layout = layout.Slice(i, 0, shape[i]);
        return layout;
    }
}

internal sealed class ScatterAddBackward : Node
{
    public Shape Source;
    public int Axis;

    protected internal override void Backward()
    {
        if (Needs(0)) Give(0, Gradient);
        if (!Needs(1)) return;
        var index = Saved(0);
        var given = index.Shape == Source
            ? Tensor.Empty(Source, Gradient.DType, Gradient.Device)
            : Tensor.Zeros(Source, Gradient.DType, Gradient.Device); // what was not read
        Backend.For(given).Gather(Gradient, Axis, index, given.WithLayout(ScatterAddOperation.Corner(given.Layout, index.Shape)));
        Give(1, given);
    }
}
