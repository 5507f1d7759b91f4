using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>left / right, with broadcasting. Gradient: over the right to the left, times -quotient / right to the right.</summary>
public static class DivOperation
{
    extension(Tensor)
    {
        /// <summary>left / right, element by element; shapes broadcast.</summary>
        public static Tensor operator /(Tensor left, Tensor right) => left.Div(right);

        /// <summary>left / right.</summary>
        public static Tensor operator /(Tensor left, double right) => left.Div(right);

        /// <summary>left / right.</summary>
        public static Tensor operator /(double left, Tensor right)
        {
            Check.Floating("Div", right);
            var quotient = Result.Like(right);
            Backend.For(quotient).ScalarDiv(left, right, quotient);
            Tape.Record<ScalarDivBackward>(quotient, right)?.Save(right, quotient);
            return quotient;
        }
    }

    extension(Tensor input)
    {
        /// <summary>input / <paramref name="other"/>, element by element; shapes broadcast.</summary>
        /// <param name="other">The divisor.</param>
        /// <param name="rounding">Rounds the quotient, through which no gradient flows then. Whole numbers need it: their quotients are
        /// none.</param>
        public Tensor Div(Tensor other, DivRounding rounding = DivRounding.None)
        {
            Autocast.Promote(ref input, ref other);
            var shape = Broadcast.Of("Div", input, other);
            Expect(input, rounding);
            var quotient = Result.Like(input, shape);
            Backend.For(quotient).Div(Broadcast.To(input, shape), Broadcast.To(other, shape), quotient, rounding);
            if (rounding == DivRounding.None && Tape.Record<DivBackward>(quotient, input, other) is { } node)
            {
                node.Left = input.Shape;
                node.Save(other, quotient);
            }
            return quotient;
        }

        /// <summary>input / <paramref name="value"/>.</summary>
        public Tensor Div(double value, DivRounding rounding = DivRounding.None)
        {
            Expect(input, rounding);
            if (!input.DType.IsFloatingPoint) Check.Scalar("Div", input, value == 0 ? double.NaN : value);
            var quotient = Result.Like(input);
            Backend.For(quotient).DivScalar(input, value, quotient, rounding);
            if (rounding == DivRounding.None && Tape.Record<DivScalarBackward>(quotient, input) is { } node) node.Value = value;
            return quotient;
        }
    }

    private static void Expect(Tensor input, DivRounding rounding)
    {
        if (rounding == DivRounding.None || input.DType == DType.Bool) Check.Floating("Div", input);
    }
}

internal sealed class DivBackward : Node
{
    public Shape Left;

    protected internal override void Backward()
    {
        var right = Saved(0);
        var scaled = Gradient / right;
        if (Needs(0)) Give(0, Broadcast.Back(scaled, Left));
        if (Needs(1)) Give(1, Broadcast.Back(-(scaled * Saved(1)), right.Shape));
    }
}

internal sealed class DivScalarBackward : Node
{
    public double Value;

    protected internal override void Backward() => Give(0, Gradient / Value);
}

internal sealed class ScalarDivBackward : Node
{
    protected internal override void Backward() => Give(0, -(Gradient / Saved(0) * Saved(1)));
}
