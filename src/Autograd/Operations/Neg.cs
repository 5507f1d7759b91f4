using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>-input. Gradient: negated.</summary>
public static class NegOperation
{
    extension(Tensor input)
    {
        /// <summary>The other sign, element by element.</summary>
        public Tensor Neg()
        {
            var output = Result.Like(input);
            Backend.For(output).Neg(input, output);
            Tape.Record<NegBackward>(output, input);
            return output;
        }
    }
}

internal sealed class NegBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).Neg(Gradient, gradient);
        Give(0, gradient);
    }
}
