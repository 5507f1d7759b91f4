using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The variance over some axes or all, from the distances to the mean. Gradient: 2 (input - mean) / (n - correction).</summary>
public static class VarOperation
{
    extension(Tensor input)
    {
        /// <summary>
        /// The variance over <paramref name="axes"/> (all where none is named); they go away, or stay with size 1 if <paramref
        /// name="keepDim"/>.
        /// </summary>
        /// <param name="axes">The axes to go over.</param>
        /// <param name="correction">The sum of squares is divided by the count less this: 1 for a sample, 0 for all there is.</param>
        /// <param name="keepDim">Whether the axes stay.</param>
        public Tensor Var(ReadOnlySpan<int> axes = default, double correction = 1, bool keepDim = false)
        {
            Check.Floating("Var", input);
            if (input.DType.ByteSize == 2) return input.To(DType.Float32).Var(axes, correction, keepDim).To(input.DType);
            var (kept, shape) = Reduction.Shapes("Var", input, axes, keepDim);
            var backend = Backend.For(input);
            Tensor mean = Result.Like(input, kept), variance = Result.Like(input, kept);
            Tensor centred = Result.Like(input), squares = Result.Like(input);
            backend.Mean(input, mean);
            backend.Sub(input, Broadcast.To(mean, input.Shape), centred);

            // A mean far from 0 is rounded coarsely; what that leaves in the distances is taken out again.
            backend.Mean(centred, mean);
            backend.Sub(centred, Broadcast.To(mean, input.Shape), centred);
            backend.Mul(centred, centred, squares);
            backend.Sum(squares, variance);
            var freedom = Math.Max(0, ((double)input.ElementCount / kept.ElementCount) - correction);
            backend.DivScalar(variance, freedom, variance);
            var output = variance.WithLayout(Layout.Contiguous(shape));
            if (Tape.Record<VarBackward>(output, input) is { } node)
            {
                (node.Kept, node.Freedom) = (kept, freedom);
                node.Save(centred);
            }
            return output;
        }

        /// <summary>The variance over one axis.</summary>
        public Tensor Var(int dim, double correction = 1, bool keepDim = false) => input.Var([dim], correction, keepDim);
    }
}

internal sealed class VarBackward : Node
{
    public Shape Kept;
    public double Freedom;

    protected internal override void Backward() => Give(0, Saved(0) * (Views.Reshape(Gradient, Kept) * (2 / Freedom)));
}
