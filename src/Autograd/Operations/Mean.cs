using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The mean over some axes or all. Gradient: an equal share for each element.</summary>
public static class MeanOperation
{
    extension(Tensor input)
    {
        /// <summary>
        /// The mean over <paramref name="axes"/> (all where none is named); they go away, or stay with size 1 if <paramref
        /// name="keepDim"/>. Of nothing: nan.
        /// </summary>
        public Tensor Mean(ReadOnlySpan<int> axes = default, bool keepDim = false)
        {
            Check.Floating("Mean", input);
            var (kept, shape) = Reduction.Shapes("Mean", input, axes, keepDim);
            var mean = Result.Like(input, kept);
            Backend.For(mean).Mean(input, mean);
            var output = mean.WithLayout(Layout.Contiguous(shape));
            if (Tape.Record<MeanBackward>(output, input) is { } node) (node.Input, node.Kept) = (input.Shape, kept);
            return output;
        }

        /// <summary>The mean over one axis.</summary>
        public Tensor Mean(int dim, bool keepDim = false) => input.Mean([dim], keepDim);
    }
}

internal sealed class MeanBackward : Node
{
    public Shape Input, Kept;

    protected internal override void Backward()
    {
        var share = Views.Reshape(Gradient, Kept) / ((double)Input.ElementCount / Kept.ElementCount);
        Give(0, Broadcast.To(share, Input));
    }
}
