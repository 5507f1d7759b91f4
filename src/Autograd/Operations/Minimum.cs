using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The smaller of two, with broadcasting. Gradient: to the smaller; half to each where they are equal.</summary>
public static class MinimumOperation
{
    extension(Tensor input)
    {
        /// <summary>The smaller of input and <paramref name="other"/>, element by element; nan if either is. Shapes broadcast.</summary>
        public Tensor Minimum(Tensor other)
        {
            Autocast.Promote(ref input, ref other);
            var shape = Broadcast.Of("Minimum", input, other);
            var output = Result.Like(input, shape);
            Backend.For(output).Minimum(Broadcast.To(input, shape), Broadcast.To(other, shape), output);
            Tape.Record<MinimumBackward>(output, input, other)?.Save(input, other);
            return output;
        }
    }
}

internal sealed class MinimumBackward : Node
{
    protected internal override void Backward()
    {
        Side(0);
        Side(1);
    }

    private void Side(int own)
    {
        if (!Needs(own)) return;
        Tensor value = Saved(own), other = Saved(1 - own);
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).MinimumBackward(Broadcast.To(value, Gradient.Shape), Broadcast.To(other, Gradient.Shape), Gradient, gradient);
        Give(own, Broadcast.Back(gradient, value.Shape));
    }
}
