using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// Random elements set to 0, the others scaled up (https://arxiv.org/abs/1207.0580). No mask is stored: the gradient's is drawn again from
/// <see cref="RandomState"/>'s numbers.
/// </summary>
public static class DropoutOperation
{
    extension(Tensor input)
    {
        /// <summary>
        /// Each element is 0 with probability <paramref name="p"/>, else divided by 1 − p; the tensor itself where not
        /// <paramref name="training"/>.
        /// </summary>
        public Tensor Dropout(double p = 0.5, bool training = true)
        {
            if (!(p is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "Dropout: a probability is from 0 to 1");
            Check.Floating("Dropout", input);
            if (!training || p == 0) return input;
            var random = RandomState.Current;
            var (seed, offset) = (random.Seed, random.Reserve((input.ElementCount + 3) / 4));
            var output = Tensor.Empty(input.Shape, input.DType, input.Device);
            Backend.For(output).Dropout(Views.Contiguous(input), p, seed, offset, output);
            if (Tape.Record<DropoutBackward>(output, input) is { } node) (node.Probability, node.Seed, node.Offset) = (p, seed, offset);
            return output;
        }
    }
}

internal sealed class DropoutBackward : Node
{
    public double Probability;
    public ulong Seed, Offset;

    protected internal override void Backward()
    {
        var given = Tensor.Empty(Gradient.Shape, Gradient.DType, Gradient.Device);
        Backend.For(given).Dropout(Views.Contiguous(Gradient), Probability, Seed, Offset, given);
        Give(0, given);
    }
}
