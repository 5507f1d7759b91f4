using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>e^x over its sum along an axis. Gradient: y · (g − Σ g · y).</summary>
public static class SoftmaxOperation
{
    extension(Tensor input)
    {
        /// <summary>Positive numbers along <paramref name="dim"/> that sum to 1; a row of only −∞ gives nan.</summary>
        public Tensor Softmax(int dim)
        {
            Check.Floating("Softmax", input);
            var rows = LastAxis.From(input, dim);
            var result = Tensor.Empty(rows.Shape, input.DType, input.Device);
            Backend.For(result).Softmax(rows, result);
            var output = LastAxis.Back(result, dim, input.Shape);
            if (Tape.Record<SoftmaxBackward>(output, input) is { } node)
            {
                (node.Dim, node.Input) = (dim, input.Shape);
                node.Save(result);
            }
            return output;
        }
    }
}

internal sealed class SoftmaxBackward : Node
{
    public int Dim;
    public Shape Input;

    protected internal override void Backward()
    {
        var output = Saved(0);
        var given = Tensor.Empty(output.Shape, output.DType, output.Device);
        Backend.For(given).SoftmaxBackward(output, LastAxis.From(Gradient, Dim), given);
        Give(0, LastAxis.Back(given, Dim, Input));
    }
}

/// <summary>For kernels over the last axis: another axis is brought there and back. A scalar is a row of one.</summary>
internal static class LastAxis
{
    /// <summary>The tensor with the axis last, contiguous.</summary>
    public static Tensor From(Tensor tensor, int dim)
    {
        if (tensor.Rank == 0) tensor = tensor.WithLayout(tensor.Layout.Unsqueeze(0));
        return Views.Contiguous(tensor.WithLayout(tensor.Layout.Transpose(dim, -1)));
    }

    /// <summary>A view of a kernel's result with the axis where it was.</summary>
    public static Tensor Back(Tensor tensor, int dim, Shape shape) =>
        tensor.WithLayout(shape.Rank == 0 ? Layout.Contiguous(shape) : tensor.Layout.Transpose(dim, -1));
}
