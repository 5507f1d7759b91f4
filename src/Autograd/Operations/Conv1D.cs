using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// input · weight + bias: GPT-2's linear layer (transformers' Conv1D), whose weight lies the other way round. Gradients as
/// <see cref="LinearOperation"/>'s.
/// </summary>
public static class Conv1DOperation
{
    extension(Tensor input)
    {
        /// <summary>The last axis mapped from in to out features, all others rows.</summary>
        /// <param name="weight">[in, out].</param>
        /// <param name="bias">[out], or none.</param>
        public Tensor Conv1D(Tensor weight, Tensor? bias = null)
        {
            if (weight.Rank != 2) throw new ArgumentException($"Conv1D: weight is [in, out], found {weight}");
            (input, weight, bias) = (Autocast.Lower(input), Autocast.Lower(weight), Autocast.Lower(bias));
            var (rows, shape) = FlatRows.Of("Conv1D", input, weight, weight.Size(0), weight.Size(1), bias);
            var output = Tensor.Empty(shape, input.DType, input.Device);
            Backend.For(output).MatMul(rows, weight, FlatRows.Of(output), bias: bias.GetValueOrDefault());
            if (Tape.Record<Conv1DBackward>(output, input, weight, bias.GetValueOrDefault()) is { } node)
            {
                node.Input = input.Shape;
                node.Save(rows, weight);
            }
            return output;
        }
    }
}

internal sealed class Conv1DBackward : Node
{
    public Shape Input;

    protected internal override void Backward()
    {
        Tensor rows = Saved(0), weight = Saved(1);
        var gradient = FlatRows.Of(Gradient);
        var backend = Backend.For(gradient);
        if (Needs(0))
        {
            var given = Tensor.Empty(Input, rows.DType, rows.Device);
            backend.MatMul(gradient, MatrixProduct.Transposed(weight), FlatRows.Of(given));
            Give(0, given);
        }
        if (Needs(1))
        {
            var columns = MatrixProduct.Transposed(rows);
            if (TryGetBuffer(1, out var buffer) && buffer.IsContiguous)
            {
                backend.MatMul(columns, gradient, buffer, beta: 1);
            }
            else
            {
                var given = Tensor.Empty(weight.Shape, weight.DType, weight.Device);
                backend.MatMul(columns, gradient, given);
                Give(1, given);
            }
        }
        if (Needs(2)) Give(2, Broadcast.Back(gradient, [gradient.Size(1)]));
    }
}
