using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// Rotary position embedding as transformers' Llama applies it (https://arxiv.org/abs/2104.09864): x · cos + rotate_half(x) · sin.
/// Gradient: rotated back. The tables come from <see cref="RotaryTables"/>.
/// </summary>
public static class RotaryOperation
{
    extension(Tensor input)
    {
        /// <summary>Rotates each vector of the last axis by its position.</summary>
        /// <param name="cos">[positions, size], of the input's dtype; no gradient flows to it.</param>
        /// <param name="sin">As <paramref name="cos"/>.</param>
        /// <param name="positionIds">Rows of the tables, int64 or int32: [batch, length], or [1, length] for all.</param>
        /// <param name="unsqueezeDim">1 for an input [batch, heads, length, size], 2 for [batch, length, heads, size].</param>
        public Tensor Rotary(Tensor cos, Tensor sin, Tensor positionIds, int unsqueezeDim = 1)
        {
            Check.Floating("Rotary", input);
            (cos, sin) = (Autocast.Like(cos, input), Autocast.Like(sin, input));
            Check.SameKind("Rotary", input, cos);
            Check.SameKind("Rotary", input, sin);
            Check.WholeNumbers("Rotary", "positionIds", positionIds);
            if (unsqueezeDim is not (1 or 2))
            {
                throw new ArgumentOutOfRangeException(nameof(unsqueezeDim), unsqueezeDim, "Rotary: the heads are axis 1 or 2");
            }
            if (input.Rank != 4 || input.Size(3) % 2 != 0)
            {
                throw new ArgumentException($"Rotary: expected four axes, the last of even size, found {input}");
            }
            if (cos.Rank != 2 || cos.Size(1) != input.Size(3) || sin.Shape != cos.Shape)
            {
                throw new ArgumentException(
                    $"Rotary: cos and sin are [positions, {input.Size(3)}] for {input}, found {cos.Shape} and {sin.Shape}");
            }
            var length = input.Size(unsqueezeDim == 1 ? 2 : 1);
            if (positionIds.Shape != [input.Size(0), length] && positionIds.Shape != [1, length])
            {
                throw new ArgumentException($"Rotary: positionIds are [{input.Size(0)} or 1, {length}] for {input}, found {positionIds}");
            }
            var positions = Broadcast.To(positionIds, [input.Size(0), length]);
            var output = Tensor.Empty(input.Shape, input.DType, input.Device);
            RotaryBackward.Rotate(input, cos, sin, positions, unsqueezeDim, false, output);
            if (Tape.Record<RotaryBackward>(output, input) is { } node)
            {
                node.UnsqueezeDim = unsqueezeDim;
                node.Save(cos, sin, positions);
            }
            return output;
        }
    }
}

internal sealed class RotaryBackward : Node
{
    public int UnsqueezeDim;

    protected internal override void Backward()
    {
        var given = Tensor.Empty(Gradient.Shape, Gradient.DType, Gradient.Device);
        Rotate(Gradient, Saved(0), Saved(1), Saved(2), UnsqueezeDim, true, given);
        Give(0, given);
    }

    public static void Rotate(Tensor input, Tensor cos, Tensor sin, Tensor positions, int unsqueezeDim, bool back, Tensor destination)
    {
        if (input.Layout.Stride(3) != 1) input = Views.Contiguous(input);
        if (unsqueezeDim == 2)
        {
            input = input.WithLayout(input.Layout.Transpose(1, 2));
            destination = destination.WithLayout(destination.Layout.Transpose(1, 2));
        }
        Backend.For(input).Rotary(input, Views.Contiguous(cos), Views.Contiguous(sin), positions, back, destination);
    }
}
