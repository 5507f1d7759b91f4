using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>1 / (1 + e^-input). Gradient: times result (1 - result).</summary>
public static class SigmoidOperation
{
    extension(Tensor input)
    {
        /// <summary>The logistic function, element by element.</summary>
        public Tensor Sigmoid()
        {
            Check.Floating("Sigmoid", input);
            var output = Result.Like(input);
            Backend.For(output).Sigmoid(input, output);
            Tape.Record<SigmoidBackward>(output, input)?.Save(output);
            return output;
        }
    }
}

internal sealed class SigmoidBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).SigmoidBackward(Saved(0), Gradient, gradient);
        Give(0, gradient);
    }
}
