using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>1 / √input. Gradient: times -result³ / 2.</summary>
public static class RsqrtOperation
{
    extension(Tensor input)
    {
        /// <summary>One over the square root, element by element.</summary>
        public Tensor Rsqrt()
        {
            Check.Floating("Rsqrt", input);
            var output = Result.Like(input);
            Backend.For(output).Rsqrt(input, output);
            Tape.Record<RsqrtBackward>(output, input)?.Save(output);
            return output;
        }
    }
}

internal sealed class RsqrtBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).RsqrtBackward(Saved(0), Gradient, gradient);
        Give(0, gradient);
    }
}
