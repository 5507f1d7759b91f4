using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>tanh input. Gradient: times 1 - result².</summary>
public static class TanhOperation
{
    extension(Tensor input)
    {
        /// <summary>The hyperbolic tangent, element by element.</summary>
        public Tensor Tanh()
        {
            Check.Floating("Tanh", input);
            var output = Result.Like(input);
            Backend.For(output).Tanh(input, output);
            Tape.Record<TanhBackward>(output, input)?.Save(output);
            return output;
        }
    }
}

internal sealed class TanhBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).TanhBackward(Saved(0), Gradient, gradient);
        Give(0, gradient);
    }
}
