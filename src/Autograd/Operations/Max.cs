using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// The largest elements; nan where there is one. Gradient: over one axis (<c>Max(dim)</c>) to the first of equals, over all or several
/// (<c>Max()</c>, <c>Amax</c>) shared by equals.
/// </summary>
public static class MaxOperation
{
    extension(Tensor input)
    {
        /// <summary>The largest element of all.</summary>
        public Tensor Max() => input.Amax();

        /// <summary>
        /// The largest elements along an axis, and the first place of each (int64). The axis goes away, or stays with size 1 if <paramref
        /// name="keepDim"/>.
        /// </summary>
        public (Tensor Values, Tensor Indices) Max(int dim, bool keepDim = false)
        {
            var (kept, shape) = Reduction.NonEmpty("Max", input, [dim], keepDim);
            var source = Extremes.AtLeastVector(input);
            var (values, indices) = (Result.Like(input, kept), Tensor.Empty(kept, DType.Int64, input.Device));
            var (wide, places) = (Extremes.AtLeastVector(values), Extremes.AtLeastVector(indices));
            Backend.For(input).Max(source, wide);
            Backend.For(input).FirstIndex(source, source.Shape.Axis(dim), wide, places);
            var output = values.WithLayout(Layout.Contiguous(shape));
            if (Tape.Record<ExtremeAlongBackward>(output, input) is { } node)
            {
                (node.Input, node.Axis) = (input.Shape, source.Shape.Axis(dim));
                node.Save(places);
            }
            return (output, indices.WithLayout(Layout.Contiguous(shape)));
        }

        /// <summary>
        /// The largest elements over <paramref name="axes"/> (all where none is named); they go away, or stay with size 1 if <paramref
        /// name="keepDim"/>.
        /// </summary>
        public Tensor Amax(ReadOnlySpan<int> axes = default, bool keepDim = false)
        {
            var (kept, shape) = Reduction.NonEmpty("Amax", input, axes, keepDim);
            var values = Result.Like(input, kept);
            Backend.For(values).Max(input, values);
            var output = values.WithLayout(Layout.Contiguous(shape));
            Tape.Record<ExtremeBackward>(output, input)?.Save(input, values);
            return output;
        }

        /// <summary>
        /// The place of the largest element: along an axis, or in row-major order where none is named. Of equals the first. int64.
        /// </summary>
        public Tensor Argmax(int? dim = null, bool keepDim = false)
        {
            using var silent = NoGrad.Enter();
            if (dim is { } axis) return input.Max(axis, keepDim).Indices;
            var index = Views.Reshape(input, [input.ElementCount]).Max(0).Indices;
            return keepDim ? index.WithLayout(Layout.Contiguous(Reduction.Shapes("Argmax", input, [], true).Result)) : index;
        }
    }
}
