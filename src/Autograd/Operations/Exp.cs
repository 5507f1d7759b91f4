using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>e^input. Gradient: times the result.</summary>
public static class ExpOperation
{
    extension(Tensor input)
    {
        /// <summary>e^input, element by element.</summary>
        public Tensor Exp()
        {
            Check.Floating("Exp", input);
            var output = Result.Like(input);
            Backend.For(output).Exp(input, output);
            Tape.Record<ExpBackward>(output, input)?.Save(output);
            return output;
        }
    }
}

internal sealed class ExpBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).Mul(Gradient, Saved(0), gradient);
        Give(0, gradient);
    }
}
