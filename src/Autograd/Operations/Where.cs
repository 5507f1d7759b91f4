using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>One tensor's elements where a condition holds, another's elsewhere, with broadcasting. Gradient: to the chosen one.</summary>
public static class WhereOperation
{
    extension(Tensor)
    {
        /// <summary>
        /// <paramref name="left"/> where the bool <paramref name="condition"/> holds, else <paramref name="right"/>; all three broadcast.
        /// </summary>
        public static Tensor Where(Tensor condition, Tensor left, Tensor right)
        {
            Check.Truth("Where", "condition", condition);
            Autocast.Promote(ref left, ref right);
            var shape = Broadcast.Of("Where", condition.Shape, Broadcast.Of("Where", left, right));
            var output = Result.Like(left, shape);
            Backend.For(output).Where(Broadcast.To(condition, shape), Broadcast.To(left, shape), Broadcast.To(right, shape), output);
            if (Tape.Record<WhereBackward>(output, left, right) is { } node)
            {
                (node.Left, node.Right) = (left.Shape, right.Shape);
                node.Save(condition);
            }
            return output;
        }
    }
}

internal sealed class WhereBackward : Node
{
    public Shape Left, Right;

    protected internal override void Backward()
    {
        var condition = Broadcast.To(Saved(0), Gradient.Shape);
        var zero = Broadcast.To(Tensor.Zeros([], Gradient.DType, Gradient.Device), Gradient.Shape);
        var gradient = Result.Like(Gradient);
        if (Needs(0))
        {
            Backend.For(gradient).Where(condition, Gradient, zero, gradient);
            Give(0, Broadcast.Back(gradient, Left));
        }
        if (!Needs(1)) return;
        var other = Result.Like(Gradient);
        Backend.For(other).Where(condition, zero, Gradient, other);
        Give(1, Broadcast.Back(other, Right));
    }
}
