using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>input · sigmoid(input), also called swish (https://arxiv.org/abs/1702.03118). Gradient: one kernel.</summary>
public static class SiluOperation
{
    extension(Tensor input)
    {
        /// <summary>input · sigmoid(input), element by element.</summary>
        public Tensor Silu()
        {
            Check.Floating("Silu", input);
            var output = Result.Like(input);
            Backend.For(output).Silu(input, output);
            Tape.Record<SiluBackward>(output, input)?.Save(input);
            return output;
        }
    }
}

internal sealed class SiluBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).SiluBackward(Saved(0), Gradient, gradient);
        Give(0, gradient);
    }
}
