using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>ln input. Gradient: over the input.</summary>
public static class LogOperation
{
    extension(Tensor input)
    {
        /// <summary>The natural logarithm, element by element; of 0 -inf, of negatives nan.</summary>
        public Tensor Log()
        {
            Check.Floating("Log", input);
            var output = Result.Like(input);
            Backend.For(output).Log(input, output);
            Tape.Record<LogBackward>(output, input)?.Save(input);
            return output;
        }
    }
}

internal sealed class LogBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).Div(Gradient, Saved(0), gradient);
        Give(0, gradient);
    }
}
