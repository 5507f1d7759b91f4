using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Kept between two bounds. Gradient: where the input lies between them or on one.</summary>
public static class ClampOperation
{
    extension(Tensor input)
    {
        /// <summary>
        /// At least <paramref name="min"/> and at most <paramref name="max"/> (which wins where they cross), element by element; nan stays.
        /// </summary>
        /// <param name="min">The lower bound; none where left out.</param>
        /// <param name="max">The upper bound; none where left out.</param>
        public Tensor Clamp(double? min = null, double? max = null)
        {
            if (min is null && max is null) throw new ArgumentException("Clamp: needs min, max or both, found neither");
            var (low, high) = (min ?? double.NegativeInfinity, max ?? double.PositiveInfinity);
            if (min is not null) Check.Scalar("Clamp", input, low);
            if (max is not null) Check.Scalar("Clamp", input, high);
            var output = Result.Like(input);
            Backend.For(output).Clamp(input, low, high, output);
            if (Tape.Record<ClampBackward>(output, input) is { } node)
            {
                (node.Min, node.Max) = (low, high);
                node.Save(input);
            }
            return output;
        }
    }
}

internal sealed class ClampBackward : Node
{
    public double Min, Max;

    protected internal override void Backward()
    {
        var gradient = Result.Like(Gradient);
        Backend.For(gradient).ClampBackward(Saved(0), Gradient, Min, Max, gradient);
        Give(0, gradient);
    }
}
