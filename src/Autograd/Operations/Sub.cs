using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>left - alpha · right, with broadcasting. Gradient: passed to the left, times -alpha to the right.</summary>
public static class SubOperation
{
    extension(Tensor)
    {
        /// <summary>left - right; shapes broadcast.</summary>
        public static Tensor operator -(Tensor left, Tensor right) => left.Sub(right);

        /// <summary>left - right.</summary>
        public static Tensor operator -(Tensor left, double right) => left.Sub(right);

        /// <summary>left - right.</summary>
        public static Tensor operator -(double left, Tensor right)
        {
            Check.Scalar("Sub", right, left);
            var difference = Result.Like(right);
            Backend.For(difference).ScalarSub(left, right, difference);
            Tape.Record<NegBackward>(difference, right);
            return difference;
        }

        /// <summary>-input.</summary>
        public static Tensor operator -(Tensor input) => input.Neg();
    }

    extension(Tensor input)
    {
        /// <summary>input - <paramref name="alpha"/> · <paramref name="other"/>; shapes broadcast.</summary>
        public Tensor Sub(Tensor other, double alpha = 1)
        {
            Autocast.Promote(ref input, ref other);
            var shape = Broadcast.Of("Sub", input, other);
            if (input.DType == DType.Bool) throw new ArgumentException($"Sub: bool has no difference, found {input}; use LogicalAnd");
            if (alpha != 1) Check.Scalar("Sub", input, alpha);
            var difference = Result.Like(input, shape);
            Backend.For(difference).Sub(Broadcast.To(input, shape), Broadcast.To(other, shape), difference, alpha);
            if (Tape.Record<SubBackward>(difference, input, other) is { } node)
            {
                (node.Left, node.Right, node.Alpha) = (input.Shape, other.Shape, alpha);
            }
            return difference;
        }

        /// <summary>input - <paramref name="value"/>.</summary>
        public Tensor Sub(double value) => input.Add(-value);
    }
}

internal sealed class SubBackward : Node
{
    public Shape Left, Right;
    public double Alpha;

    protected internal override void Backward()
    {
        if (Needs(0)) Give(0, Broadcast.Back(Gradient, Left));
        if (Needs(1)) Give(1, Broadcast.Back(Gradient, Right) * -Alpha);
    }
}
