using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>cos input. Gradient: times -sin input.</summary>
public static class CosOperation
{
    extension(Tensor input)
    {
        /// <summary>The cosine, element by element.</summary>
        public Tensor Cos()
        {
            Check.Floating("Cos", input);
            var output = Result.Like(input);
            Backend.For(output).Cos(input, output);
            Tape.Record<CosBackward>(output, input)?.Save(input);
            return output;
        }
    }
}

internal sealed class CosBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).CosBackward(Saved(0), Gradient, gradient);
        Give(0, gradient);
    }
}
