using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>left · right, with broadcasting. Gradient: the other factor times the incoming one.</summary>
public static class MulOperation
{
    extension(Tensor)
    {
        /// <summary>left · right, element by element; shapes broadcast.</summary>
        public static Tensor operator *(Tensor left, Tensor right) => left.Mul(right);

        /// <summary>left · right.</summary>
        public static Tensor operator *(Tensor left, double right) => left.Mul(right);

        /// <summary>left · right.</summary>
        public static Tensor operator *(double left, Tensor right) => right.Mul(left);
    }

    extension(Tensor input)
    {
        /// <summary>input · <paramref name="other"/>, element by element; shapes broadcast.</summary>
        public Tensor Mul(Tensor other)
        {
            Autocast.Promote(ref input, ref other);
            var shape = Broadcast.Of("Mul", input, other);
            var product = Result.Like(input, shape);
            Backend.For(product).Mul(Broadcast.To(input, shape), Broadcast.To(other, shape), product);
            Tape.Record<MulBackward>(product, input, other)?.Save(input, other);
            return product;
        }

        /// <summary>input · <paramref name="value"/>.</summary>
        public Tensor Mul(double value)
        {
            Check.Scalar("Mul", input, value);
            var product = Result.Like(input);
            Backend.For(product).MulScalar(input, value, product);
            if (Tape.Record<MulScalarBackward>(product, input) is { } node) node.Value = value;
            return product;
        }
    }
}

internal sealed class MulBackward : Node
{
    protected internal override void Backward()
    {
        if (Needs(0)) Give(0, Broadcast.Back(Gradient * Saved(1), Saved(0).Shape));
        if (Needs(1)) Give(1, Broadcast.Back(Gradient * Saved(0), Saved(1).Shape));
    }
}

internal sealed class MulScalarBackward : Node
{
    public double Value;

    protected internal override void Backward() => Give(0, Gradient * Value);
}
