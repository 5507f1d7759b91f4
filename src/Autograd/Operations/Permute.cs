using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The axes in another order, as a view. Gradient: the axes put back.</summary>
public static class PermuteOperation
{
    extension(Tensor input)
    {
        /// <summary>Axis i of the result is axis <paramref name="dims"/>[i] of this tensor; each is named once, negative ones count from
        /// the end.</summary>
        public Tensor Permute(params ReadOnlySpan<int> dims) => Record(input, input.Layout.Permute(dims), dims);

        /// <summary>Two axes exchanged.</summary>
        public Tensor Transpose(int dim0, int dim1)
        {
            Span<int> dims = stackalloc int[input.Rank];
            for (var i = 0; i < dims.Length; i++) dims[i] = i;
            (dim0, dim1) = (input.Shape.Axis(dim0), input.Shape.Axis(dim1));
            (dims[dim0], dims[dim1]) = (dim1, dim0);
            return Record(input, input.Layout.Permute(dims), dims);
        }

        /// <summary>A matrix turned around; a vector and a scalar are their own.</summary>
        public Tensor T => input.Rank switch
        {
            < 2 => input,
            2 => input.Transpose(0, 1),
            _ => throw new InvalidOperationException($"T is for matrices, found {input}; use Transpose(dim0, dim1)"),
        };
    }

    private static Tensor Record(Tensor input, in Layout layout, ReadOnlySpan<int> dims)
    {
        var output = input.WithLayout(layout);
        if (Tape.Record<PermuteBackward>(output, input) is { } node)
        {
            var inverse = new AxisOrder();
            for (var i = 0; i < dims.Length; i++) inverse[input.Shape.Axis(dims[i])] = i;
            node.Inverse = inverse;
        }
        return output;
    }
}

internal sealed class PermuteBackward : Node
{
    public AxisOrder Inverse;

    protected internal override void Backward()
    {
        ReadOnlySpan<int> inverse = Inverse;
        Give(0, Gradient.WithLayout(Gradient.Layout.Permute(inverse[..Gradient.Rank])));
    }
}

/// <summary>Axes in some order.</summary>
[System.Runtime.CompilerServices.InlineArray(Shape.MaxRank)]
internal struct AxisOrder
{
    private int _first;
}
