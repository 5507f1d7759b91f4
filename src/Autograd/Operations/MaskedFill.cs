using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>A value where a mask holds, with broadcasting. Gradient: where it does not.</summary>
public static class MaskedFillOperation
{
    extension(Tensor input)
    {
        /// <summary><paramref name="value"/> where the bool <paramref name="mask"/> holds, else the input; shapes broadcast.</summary>
        public Tensor MaskedFill(Tensor mask, double value)
        {
            Check.Truth("MaskedFill", "mask", mask);
            if (input.DType != DType.Bool) Check.Scalar("MaskedFill", input, value);
            var shape = Broadcast.Of("MaskedFill", input.Shape, mask.Shape);
            var output = Result.Like(input, shape);
            Backend.For(output).MaskedFill(Broadcast.To(input, shape), Broadcast.To(mask, shape), value, output);
            if (Tape.Record<MaskedFillBackward>(output, input) is { } node)
            {
                node.Input = input.Shape;
                node.Save(mask);
            }
            return output;
        }
    }
}

internal sealed class MaskedFillBackward : Node
{
    public Shape Input;

    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).MaskedFill(Gradient, Broadcast.To(Saved(0), Gradient.Shape), 0, gradient);
        Give(0, Broadcast.Back(gradient, Input));
    }
}
