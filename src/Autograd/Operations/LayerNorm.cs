using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// Rows brought to mean 0 and variance 1, then scaled and shifted (https://arxiv.org/abs/1607.06450). Gradients in one pass over the input,
/// those of weight and bias added to the parameters' buffers.
/// </summary>
public static class LayerNormOperation
{
    extension(Tensor input)
    {
        /// <summary>Normalises over the last <paramref name="normalizedDims"/> axes.</summary>
        /// <param name="weight">Factors of the shape of those axes; 1 where left out.</param>
        /// <param name="bias">Summands of the same shape; 0 where left out.</param>
        /// <param name="eps">Added to the variance (which is divided by n, not n − 1).</param>
        /// <param name="normalizedDims">How many axes make a row.</param>
        public Tensor LayerNorm(Tensor? weight = null, Tensor? bias = null, double eps = 1e-5, int normalizedDims = 1)
        {
            if (weight is { } given && Autocast.IsNarrower(input, given))
            {
                return input.To(given.DType).LayerNorm(weight, bias, eps, normalizedDims).To(input.DType);
            }
            Check.Floating("LayerNorm", input);
            var rows = NormRows.Of("LayerNorm", input, normalizedDims);
            Tensor scale = NormRows.Parameter("LayerNorm", "weight", input, weight, normalizedDims);
            Tensor shift = NormRows.Parameter("LayerNorm", "bias", input, bias, normalizedDims);
            var output = Tensor.Empty(input.Shape, input.DType, input.Device);
            var (mean, rstd) = (NormRows.Statistics(rows), NormRows.Statistics(rows));
            Backend.For(output).LayerNorm(rows, scale, shift, eps, Views.Reshape(output, rows.Shape), mean, rstd);
            if (Tape.Record<LayerNormBackward>(output, input, weight.GetValueOrDefault(), bias.GetValueOrDefault()) is { } node)
            {
                (node.Input, node.Parameters) = (input.Shape, NormRows.RowShape(input.Shape, normalizedDims));
                node.Save(rows, scale, mean, rstd);
            }
            return output;
        }
    }
}

internal sealed class LayerNormBackward : Node
{
    public Shape Input, Parameters;

    protected internal override void Backward()
    {
        var rows = Saved(0);
        var gradient = Views.Contiguous(Views.Reshape(Gradient, rows.Shape));
        bool giveWeight = false, giveBias = false;
        var dInput = Needs(0) ? Tensor.Empty(Input, rows.DType, rows.Device) : default;
        var dWeight = Needs(1) ? Accumulator(1, Parameters, rows.DType, rows.Device, out giveWeight) : default;
        var dBias = Needs(2) ? Accumulator(2, Parameters, rows.DType, rows.Device, out giveBias) : default;
        Backend.For(rows).LayerNormBackward(gradient, rows, Saved(1), Saved(2), Saved(3), dInput, dWeight, dBias);
        if (Needs(0)) Give(0, dInput);
        if (giveWeight) Give(1, dWeight);
        if (giveBias) Give(2, dBias);
    }
}

/// <summary>What layer norm and RMS norm share: rows of the last axes, and parameters of their shape.</summary>
internal static class NormRows
{
    /// <summary>[rows, n], contiguous.</summary>
    public static Tensor Of(string operation, Tensor input, int dims)
    {
        if (dims < 1 || dims > input.Rank)
        {
            throw new ArgumentException($"{operation}: cannot normalise over the last {dims} axes of {input}");
        }
        var size = RowShape(input.Shape, dims).ElementCount;
        return Views.Contiguous(Views.Reshape(input, [size == 0 ? 0 : input.ElementCount / size, size]));
    }

    public static Shape RowShape(Shape shape, int dims) => new(shape.Sizes[^dims..]);

    /// <summary>One number for each row, in the precision that kernels compute with.</summary>
    public static Tensor Statistics(Tensor rows) =>
        Tensor.Empty([rows.Size(0)], rows.DType is DType.Float16 or DType.BFloat16 ? DType.Float32 : rows.DType, rows.Device);

    public static Tensor Parameter(string operation, string name, Tensor input, Tensor? parameter, int dims)
    {
        if (parameter is not { } given) return default;
        Check.SameKind(operation, input, given);
        var shape = RowShape(input.Shape, dims);
        if (given.Shape != shape)
        {
            throw new ArgumentException($"{operation}: {name} has shape {given.Shape}, expected {shape}, the last axes of {input.Shape}");
        }
        return Views.Contiguous(given);
    }
}
