using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The larger of input and 0. Gradient: where the input is above 0.</summary>
public static class ReluOperation
{
    extension(Tensor input)
    {
        /// <summary>The larger of input and 0, element by element; nan stays.</summary>
        public Tensor Relu()
        {
            var output = Result.Like(input);
            Backend.For(output).Relu(input, output);
            Tape.Record<ReluBackward>(output, input)?.Save(output);
            return output;
        }
    }
}

internal sealed class ReluBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).ReluBackward(Saved(0), Gradient, gradient);
        Give(0, gradient);
    }
}
