using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// Rows divided by their root mean square, then scaled: Llama's RMSNorm and T5's layer norm (https://arxiv.org/abs/1910.07467).
/// Gradients in one pass over the input, the weight's added to the parameter's buffer.
/// </summary>
public static class RmsNormOperation
{
    extension(Tensor input)
    {
        /// <summary>weight · x / √(mean of x² + eps) over the last axis.</summary>
        /// <param name="weight">Factors of the size of that axis; 1 where left out.</param>
        /// <param name="eps">Added to the mean of the squares.</param>
        public Tensor RmsNorm(Tensor? weight = null, double eps = 1e-6)
        {
            if (weight is { } given && Autocast.IsNarrower(input, given)) input = input.To(given.DType);
            Check.Floating("RmsNorm", input);
            var rows = NormRows.Of("RmsNorm", input, 1);
            var scale = NormRows.Parameter("RmsNorm", "weight", input, weight, 1);
            var output = Tensor.Empty(input.Shape, input.DType, input.Device);
            var rstd = NormRows.Statistics(rows);
            Backend.For(output).RmsNorm(rows, scale, eps, Views.Reshape(output, rows.Shape), rstd);
            if (Tape.Record<RmsNormBackward>(output, input, weight.GetValueOrDefault()) is { } node)
            {
                node.Input = input.Shape;
                node.Save(rows, scale, rstd);
            }
            return output;
        }
    }
}

internal sealed class RmsNormBackward : Node
{
    public Shape Input;

    protected internal override void Backward()
    {
        var rows = Saved(0);
        var gradient = Views.Contiguous(Views.Reshape(Gradient, rows.Shape));
        var giveWeight = false;
        var dInput = Needs(0) ? Tensor.Empty(Input, rows.DType, rows.Device) : default;
        var dWeight = Needs(1) ? Accumulator(1, [rows.Size(1)], rows.DType, rows.Device, out giveWeight) : default;
        Backend.For(rows).RmsNormBackward(gradient, rows, Saved(1), Saved(2), dInput, dWeight);
        if (Needs(0)) Give(0, dInput);
        if (giveWeight) Give(1, dWeight);
    }
}
