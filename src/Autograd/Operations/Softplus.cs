using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>ln(1 + e^(beta · input)) / beta, a smooth relu. Gradient: times sigmoid(beta · input).</summary>
public static class SoftplusOperation
{
    extension(Tensor input)
    {
        /// <summary>
        /// ln(1 + e^(beta · input)) / beta, element by element; input itself where beta · input is above <paramref
        /// name="threshold"/>.
        /// </summary>
        public Tensor Softplus(double beta = 1, double threshold = 20)
        {
            Check.Floating("Softplus", input);
            var output = Result.Like(input);
            Backend.For(output).Softplus(input, beta, threshold, output);
            if (Tape.Record<SoftplusBackward>(output, input) is { } node)
            {
                (node.Beta, node.Threshold) = (beta, threshold);
                node.Save(input);
            }
            return output;
        }
    }
}

internal sealed class SoftplusBackward : Node
{
    public double Beta, Threshold;

    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).SoftplusBackward(Saved(0), Gradient, Beta, Threshold, gradient);
        Give(0, gradient);
    }
}
