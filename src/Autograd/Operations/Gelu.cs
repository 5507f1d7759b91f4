using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>input · Φ(input), the exact form by way of erf (https://arxiv.org/abs/1606.08415). Gradient: one kernel.</summary>
public static class GeluOperation
{
    extension(Tensor input)
    {
        /// <summary>Gaussian error linear unit, element by element: Hugging Face's <c>gelu</c>.</summary>
        public Tensor Gelu()
        {
            Check.Floating("Gelu", input);
            var output = Result.Like(input);
            Backend.For(output).Gelu(input, output);
            Tape.Record<GeluBackward>(output, input)?.Save(input);
            return output;
        }
    }
}

internal sealed class GeluBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).GeluBackward(Saved(0), Gradient, gradient);
        Give(0, gradient);
    }
}
