using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>left + alpha · right, with broadcasting. Gradient: passed to the left, times alpha to the right.</summary>
public static class AddOperation
{
    extension(Tensor)
    {
        /// <summary>left + right; shapes broadcast.</summary>
        public static Tensor operator +(Tensor left, Tensor right) => left.Add(right);

        /// <summary>left + right.</summary>
        public static Tensor operator +(Tensor left, double right) => left.Add(right);

        /// <summary>left + right.</summary>
        public static Tensor operator +(double left, Tensor right) => right.Add(left);
    }

    extension(Tensor input)
    {
        /// <summary>input + <paramref name="alpha"/> · <paramref name="other"/>; shapes broadcast.</summary>
        public Tensor Add(Tensor other, double alpha = 1)
        {
            Autocast.Promote(ref input, ref other);
            var shape = Broadcast.Of("Add", input, other);
            if (alpha != 1) Check.Scalar("Add", input, alpha);
            var sum = Result.Like(input, shape);
            Backend.For(sum).Add(Broadcast.To(input, shape), Broadcast.To(other, shape), sum, alpha);
            if (Tape.Record<AddBackward>(sum, input, other) is { } node)
            {
                (node.Left, node.Right, node.Alpha) = (input.Shape, other.Shape, alpha);
            }
            return sum;
        }

        /// <summary>input + <paramref name="value"/>.</summary>
        public Tensor Add(double value)
        {
            Check.Scalar("Add", input, value);
            var sum = Result.Like(input);
            Backend.For(sum).AddScalar(input, value, sum);
            Tape.Record<AddScalarBackward>(sum, input);
            return sum;
        }
    }
}

internal sealed class AddBackward : Node
{
    public Shape Left, Right;
    public double Alpha;

    protected internal override void Backward()
    {
        if (Needs(0)) Give(0, Broadcast.Back(Gradient, Left));
        if (!Needs(1)) return;
        var right = Broadcast.Back(Gradient, Right);
        Give(1, Alpha == 1 ? right : right * Alpha);
    }
}

internal sealed class AddScalarBackward : Node
{
    protected internal override void Backward() => Give(0, Gradient);
}
