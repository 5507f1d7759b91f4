using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The same numbers in another dtype. Gradient: converted back.</summary>
public static class ToOperation
{
    extension(Tensor input)
    {
        /// <summary>
        /// The elements converted, or the tensor itself if it has the dtype: to whole numbers truncated, to bool whether they are not 0, to
        /// 16-bit floats rounded to nearest, ties to even. Gradients flow between floating point dtypes.
        /// </summary>
        public Tensor To(DType dtype)
        {
            if (input.DType == dtype) return input;
            var output = Result.Like(input, dtype);
            Backend.For(output).Copy(input, output);
            if (dtype.IsFloatingPoint && Tape.Record<ToBackward>(output, input) is { } node) node.Input = input.DType;
            return output;
        }
    }
}

internal sealed class ToBackward : Node
{
    public DType Input;

    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient, Input);
        Backend.For(gradient).Copy(Gradient, gradient);
        Give(0, gradient);
    }
}
