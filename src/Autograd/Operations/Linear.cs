using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// input · weightᵀ + bias. Gradients: g · weight, gᵀ · input, and g summed over rows; a parameter's are added to its buffer in place.
/// </summary>
public static class LinearOperation
{
    extension(Tensor input)
    {
        /// <summary>The last axis mapped from in to out features, all others rows.</summary>
        /// <param name="weight">[out, in].</param>
        /// <param name="bias">[out], or none.</param>
        public Tensor Linear(Tensor weight, Tensor? bias = null)
        {
            if (weight.Rank != 2) throw new ArgumentException($"Linear: weight is [out, in], found {weight}");
            (input, weight, bias) = (Autocast.Lower(input), Autocast.Lower(weight), Autocast.Lower(bias));
            var (rows, shape) = FlatRows.Of("Linear", input, weight, weight.Size(1), weight.Size(0), bias);
            var output = Tensor.Empty(shape, input.DType, input.Device);
            Backend.For(output).MatMul(rows, MatrixProduct.Transposed(weight), FlatRows.Of(output), bias: bias.GetValueOrDefault());
            if (Tape.Record<LinearBackward>(output, input, weight, bias.GetValueOrDefault()) is { } node)
            {
                node.Input = input.Shape;
                node.Save(rows, weight);
            }
            return output;
        }
    }
}

internal sealed class LinearBackward : Node
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
            backend.MatMul(gradient, weight, FlatRows.Of(given));
            Give(0, given);
        }
        if (Needs(1))
        {
            var columns = MatrixProduct.Transposed(gradient);
            if (TryGetBuffer(1, out var buffer) && buffer.IsContiguous)
            {
                backend.MatMul(columns, rows, buffer, beta: 1);
            }
            else
            {
                var given = Tensor.Empty(weight.Shape, weight.DType, weight.Device);
                backend.MatMul(columns, rows, given);
                Give(1, given);
            }
        }
        if (Needs(2)) Give(2, Broadcast.Back(gradient, [gradient.Size(1)]));
    }
}

/// <summary>Tensors seen as a matrix: the last axis as it is, all others folded into rows.</summary>
internal static class FlatRows
{
    /// <summary>[rows, last axis]; a copy only where the layout allows no view.</summary>
    public static Tensor Of(Tensor tensor) => Views.Reshape(tensor, [tensor.Shape.Without(-1).ElementCount, tensor.Size(-1)]);

    /// <summary>The rows of a layer's input and the shape of its output, after checking them against its weights.</summary>
    public static (Tensor Rows, Shape Output) Of(
        string operation, Tensor input, Tensor weight, long inFeatures, long outFeatures, Tensor? bias)
    {
        Check.Floating(operation, input);
        Check.SameKind(operation, input, weight);
        if (input.Rank == 0 || input.Size(-1) != inFeatures)
        {
            throw new ArgumentException(
                $"{operation}: input of shape {input.Shape} does not end in {inFeatures} features as weight {weight.Shape} wants");
        }
        if (bias is { } given)
        {
            Check.SameKind(operation, weight, given);
            if (given.Shape != [outFeatures]) throw new ArgumentException($"{operation}: bias is [{outFeatures}], found {given.Shape}");
            if (!given.IsContiguous) throw new ArgumentException($"{operation}: bias is contiguous, found {given.Layout}");
        }
        return (Of(input), input.Shape.With(-1, outFeatures));
    }
}
