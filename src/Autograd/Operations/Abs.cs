using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>|input|. Gradient: times the sign; 0 at 0.</summary>
public static class AbsOperation
{
    extension(Tensor input)
    {
        /// <summary>The absolute value, element by element.</summary>
        public Tensor Abs()
        {
            var output = Result.Like(input);
            Backend.For(output).Abs(input, output);
            Tape.Record<AbsBackward>(output, input)?.Save(input);
            return output;
        }
    }
}

internal sealed class AbsBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).AbsBackward(Saved(0), Gradient, gradient);
        Give(0, gradient);
    }
}
