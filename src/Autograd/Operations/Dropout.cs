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
            var settings = Draw(p, input.ElementCount);
            var output = Tensor.Empty(input.Shape, input.DType, input.Device);
            Backend.For(output).Dropout(Views.Contiguous(input), settings, output);
            if (Tape.Record<DropoutBackward>(output, input) is { } node) node.Settings = settings;
            return output;
        }
    }

    /// <summary>Reserves the random numbers of a tensor.</summary>
    internal static DropoutSettings Draw(double probability, long elements)
    {
        var random = RandomState.Current;
        return new DropoutSettings(probability, random.Seed, probability > 0 ? random.Reserve(DropoutSettings.CountersFor(elements)) : 0);
    }
}

internal sealed class DropoutBackward : Node
{
    public DropoutSettings Settings;

    protected internal override void Backward()
    {
        var given = Tensor.Empty(Gradient.Shape, Gradient.DType, Gradient.Device);
        Backend.For(given).Dropout(Views.Contiguous(Gradient), Settings, given);
        Give(0, given);
    }
}
