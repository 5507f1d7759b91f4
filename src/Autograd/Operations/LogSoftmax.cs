using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The logarithm of the softmax along an axis, without overflow. Gradient: g − e^y · Σ g.</summary>
public static class LogSoftmaxOperation
{
    extension(Tensor input)
    {
        /// <summary>x − log Σ e^x along <paramref name="dim"/>; a row of only −∞ gives nan.</summary>
        public Tensor LogSoftmax(int dim)
        {
            Check.Floating("LogSoftmax", input);
            var rows = LastAxis.From(input, dim);
            var result = Tensor.Empty(rows.Shape, input.DType, input.Device);
            Backend.For(result).LogSoftmax(rows, result);
            var output = LastAxis.Back(result, dim, input.Shape);
            if (Tape.Record<LogSoftmaxBackward>(output, input) is { } node)
            {
                (node.Dim, node.Input) = (dim, input.Shape);
                node.Save(result);
            }
            return output;
        }
    }
}

internal sealed class LogSoftmaxBackward : Node
{
    public int Dim;
    public Shape Input;

    protected internal override void Backward()
    {
        var output = Saved(0);
        var given = Tensor.Empty(output.Shape, output.DType, output.Device);
        Backend.For(given).LogSoftmaxBackward(output, LastAxis.From(Gradient, Dim), given);
        Give(0, LastAxis.Back(given, Dim, Input));
    }
}
