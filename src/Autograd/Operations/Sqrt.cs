using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>√input. Gradient: over twice the result; inf at 0.</summary>
public static class SqrtOperation
{
    extension(Tensor input)
    {
        /// <summary>The square root, element by element; of negatives nan.</summary>
        public Tensor Sqrt()
        {
            Check.Floating("Sqrt", input);
            var output = Result.Like(input);
            Backend.For(output).Sqrt(input, output);
            Tape.Record<SqrtBackward>(output, input)?.Save(output);
            return output;
        }
    }
}

internal sealed class SqrtBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).SqrtBackward(Saved(0), Gradient, gradient);
        Give(0, gradient);
    }
}
