using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>gelu approximated by tanh, as GPT-2 has it (https://arxiv.org/abs/1606.08415). Gradient: one kernel.</summary>
public static class GeluNewOperation
{
    extension(Tensor input)
    {
        /// <summary>input / 2 · (1 + tanh(√(2/π) (input + 0.044715 input³))), element by element: Hugging Face's <c>gelu_new</c>.</summary>
        public Tensor GeluNew()
        {
            Check.Floating("GeluNew", input);
            var output = Result.Like(input);
            Backend.For(output).GeluNew(input, output);
            Tape.Record<GeluNewBackward>(output, input)?.Save(input);
            return output;
        }
    }
}

internal sealed class GeluNewBackward : Node
{
    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).GeluNewBackward(Saved(0), Gradient, gradient);
        Give(0, gradient);
    }
}
