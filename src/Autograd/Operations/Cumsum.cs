using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Running sums along an axis. Gradient: running sums from the other end.</summary>
public static class CumsumOperation
{
    extension(Tensor input)
    {
        /// <summary>Each element plus all before it along <paramref name="dim"/>; of whole numbers and bool int64.</summary>
        public Tensor Cumsum(int dim)
        {
            var source = Extremes.AtLeastVector(input);
            var axis = source.Shape.Axis(dim);
            var output = Result.Like(input, input.DType.IsFloatingPoint ? input.DType : DType.Int64);
            Backend.For(output).Cumsum(source, axis, reverse: false, Extremes.AtLeastVector(output));
            if (Tape.Record<CumsumBackward>(output, input) is { } node) node.Axis = axis;
            return output;
        }
    }
}

internal sealed class CumsumBackward : Node
{
    public int Axis;

    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).Cumsum(Extremes.AtLeastVector(Gradient), Axis, reverse: true, Extremes.AtLeastVector(gradient));
        Give(0, gradient);
    }
}
