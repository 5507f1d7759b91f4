using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>input · sigmoid(1.702 input). Gradient: one kernel.</summary>
public static class QuickGeluOperation
{
    extension(Tensor input)
    {
        /// <summary>gelu approximated by a logistic function, element by element: Hugging Face's <c>quick_gelu</c>.</summary>
        public Tensor QuickGelu()
        {
            Check.Floating("QuickGelu", input);
            var output = Result.Like(input);
            Backend.For(output).QuickGelu(input, output);
            Tape.Record<QuickGeluBackward>(output, input)?.Save(input);
            return output;
        }
    }
}

internal sealed class QuickGeluBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).QuickGeluBackward(Saved(0), Gradient, gradient);
        Give(0, gradient);
    }
}
