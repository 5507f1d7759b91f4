using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// A tensor or a number to the power of a tensor or a number, with broadcasting. Gradient: exponent · base^(exponent - 1) to the base,
/// result · ln base to the exponent; both 0 where the power is constant (exponent 0; base 0 under exponents that are not negative).
/// </summary>
public static class PowOperation
{
    extension(Tensor input)
    {
        /// <summary>input^<paramref name="exponent"/>, element by element; shapes broadcast.</summary>
        public Tensor Pow(Tensor exponent)
        {
            Autocast.Promote(ref input, ref exponent);
            var shape = Broadcast.Of("Pow", input, exponent);
            Check.Floating("Pow", input);
            var power = Result.Like(input, shape);
            Backend.For(power).Pow(Broadcast.To(input, shape), Broadcast.To(exponent, shape), power);
            Tape.Record<PowBackward>(power, input, exponent)?.Save(input, exponent);
            return power;
        }

        /// <summary>input^<paramref name="exponent"/>; whole numbers take a whole exponent that is not negative.</summary>
        public Tensor Pow(double exponent)
        {
            Check.Scalar("Pow", input, input.DType.IsFloatingPoint || exponent >= 0 ? exponent : double.NaN);
            var power = Result.Like(input);
            Backend.For(power).PowScalar(input, exponent, power);
            if (Tape.Record<PowScalarBackward>(power, input) is { } node)
            {
                node.Exponent = exponent;
                node.Save(input);
            }
            return power;
        }
    }

    extension(Tensor)
    {
        /// <summary>A number to the powers in a tensor.</summary>
        public static Tensor Pow(double value, Tensor exponent)
        {
            Check.Floating("Pow", exponent);
            var power = Result.Like(exponent);
            Backend.For(power).ScalarPow(value, exponent, power);
            if (Tape.Record<ScalarPowBackward>(power, exponent) is { } node)
            {
                node.Value = value;
                node.Save(exponent, power);
            }
            return power;
        }
    }
}

internal sealed class PowBackward : Node
{
    protected internal override void Backward()
    {
        Tensor input = Saved(0), exponent = Saved(1);
        Tensor wideInput = Broadcast.To(input, Gradient.Shape), wideExponent = Broadcast.To(exponent, Gradient.Shape);
        var backend = Backend.For(Gradient);
        if (Needs(0))
        {
            var gradient = Result.Like(Gradient);
            backend.PowBackward(wideInput, wideExponent, Gradient, gradient);
            Give(0, Broadcast.Back(gradient, input.Shape));
        }
        if (!Needs(1)) return;
        var other = Result.Like(Gradient);
        backend.PowExponentBackward(wideInput, wideExponent, Gradient, other);
        Give(1, Broadcast.Back(other, exponent.Shape));
    }
}

internal sealed class PowScalarBackward : Node
{
    public double Exponent;

    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).PowScalarBackward(Saved(0), Gradient, Exponent, gradient);
        Give(0, gradient);
    }
}

internal sealed class ScalarPowBackward : Node
{
    public double Value;

    protected internal override void Backward()
    {
        if (Value != 0)
        {
            Give(0, Gradient * Saved(1) * Math.Log(Value));
            return;
        }
        var zero = Broadcast.To(Tensor.Zeros([], Gradient.DType, Gradient.Device), Gradient.Shape);
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).PowExponentBackward(zero, Saved(0), Gradient, gradient);
        Give(0, gradient);
    }
}
