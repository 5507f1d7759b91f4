using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>
/// The smallest elements; nan where there is one. Gradient: over one axis (<c>Min(dim)</c>) to the first of equals, over all or several
/// (<c>Min()</c>, <c>Amin</c>) shared by equals.
/// </summary>
public static class MinOperation
{
    extension(Tensor input)
    {
        /// <summary>The smallest element of all.</summary>
        public Tensor Min() => input.Amin();

        /// <summary>
        /// The smallest elements along an axis, and the first place of each (int64). The axis goes away, or stays with size 1 if <paramref
        /// name="keepDim"/>.
        /// </summary>
        public (Tensor Values, Tensor Indices) Min(int dim, bool keepDim = false)
        {
            var (kept, shape) = Reduction.NonEmpty("Min", input, [dim], keepDim);
            var source = Extremes.AtLeastVector(input);
            var (values, indices) = (Result.Like(input, kept), Tensor.Empty(kept, DType.Int64, input.Device));
            var (wide, places) = (Extremes.AtLeastVector(values), Extremes.AtLeastVector(indices));
            Backend.For(input).Min(source, wide);
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
        /// The smallest elements over <paramref name="axes"/> (all where none is named); they go away, or stay with size 1 if <paramref
        /// name="keepDim"/>.
        /// </summary>
        public Tensor Amin(ReadOnlySpan<int> axes = default, bool keepDim = false)
        {
            var (kept, shape) = Reduction.NonEmpty("Amin", input, axes, keepDim);
            var values = Result.Like(input, kept);
            Backend.For(values).Min(input, values);
            var output = values.WithLayout(Layout.Contiguous(shape));
            Tape.Record<ExtremeBackward>(output, input)?.Save(input, values);
            return output;
        }

        /// <summary>
        /// The place of the smallest element: along an axis, or in row-major order where none is named. Of equals the first. int64.
        /// </summary>
        public Tensor Argmin(int? dim = null, bool keepDim = false)
        {
            using var silent = NoGrad.Enter();
            if (dim is { } axis) return input.Min(axis, keepDim).Indices;
            var index = Views.Reshape(input, [input.ElementCount]).Min(0).Indices;
            return keepDim ? index.WithLayout(Layout.Contiguous(Reduction.Shapes("Argmin", input, [], true).Result)) : index;
        }
    }
}
