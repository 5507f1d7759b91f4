using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// silu(gate) · up, the inner part of Llama's MLP (https://arxiv.org/abs/2002.05202): nothing of its size is kept beside the two inputs.
/// Gradients: both in one pass.
/// </summary>
public static class SwiGluOperation
{
    extension(Tensor gate)
    {
        /// <summary>gate · sigmoid(gate) · up, element by element.</summary>
        /// <param name="up">Of the same shape and dtype.</param>
        public Tensor SwiGlu(Tensor up)
        {
            Check.Floating("SwiGlu", gate);
            Check.SameKind("SwiGlu", gate, up);
            if (gate.Shape != up.Shape) throw new ArgumentException($"SwiGlu: expected two tensors of one shape, found {gate} and {up}");
            var output = Result.Like(gate);
            Backend.For(output).SwiGlu(gate, up, output);
            Tape.Record<SwiGluBackward>(output, gate, up)?.Save(gate, up);
            return output;
        }
    }
}

internal sealed class SwiGluBackward : Node
{
    protected internal override void Backward()
    {
        Tensor gate = Result.Like(Saved(0)), up = Result.Like(Saved(1));
        Backend.For(gate).SwiGluBackward(
            Views.Contiguous(Saved(0)), Views.Contiguous(Saved(1)), Views.Contiguous(Gradient), gate, up);
        if (Needs(0)) Give(0, gate);
        if (Needs(1)) Give(1, up);
    }
}
