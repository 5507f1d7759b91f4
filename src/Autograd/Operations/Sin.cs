using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>sin input. Gradient: times cos input.</summary>
public static class SinOperation
{
    extension(Tensor input)
    {
        /// <summary>The sine, element by element.</summary>
        public Tensor Sin()
        {
            Check.Floating("Sin", input);
            var output = Result.Like(input);
            Backend.For(output).Sin(input, output);
            Tape.Record<SinBackward>(output, input)?.Save(input);
            return output;
        }
    }
}

internal sealed class SinBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).SinBackward(Saved(0), Gradient, gradient);
        Give(0, gradient);
    }
}
