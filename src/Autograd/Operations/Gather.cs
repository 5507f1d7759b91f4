using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>One element for each index along an axis. Gradient: g added where the elements came from, in the order of the
/// indices.</summary>
public static class GatherOperation
{
    extension(Tensor input)
    {
        /// <summary>output[i, j, k] = input[i, index[i, j, k], k] for <paramref name="dim"/> 1, and likewise for others.</summary>
        /// <param name="dim">The axis that the indices run along.</param>
        /// <param name="index">int64 or int32, with as many axes; off <paramref name="dim"/> it may be smaller than this tensor.</param>
        /// <exception cref="ArgumentOutOfRangeException">An index is negative or beyond the axis.</exception>
        public Tensor Gather(int dim, Tensor index)
        {
            var axis = input.Shape.Axis(dim);
            CheckIndex("Gather", input, axis, index);
            var output = Tensor.Empty(index.Shape, input.DType, input.Device);
            Backend.For(output).Gather(input, axis, index, output);
            if (Tape.Record<GatherBackward>(output, input) is { } node)
            {
                (node.Input, node.Axis) = (input.Shape, axis);
                node.Save(index);
            }
            return output;
        }
    }

    internal static void CheckIndex(string operation, Tensor input, int axis, Tensor index)
    {
        Check.WholeNumbers(operation, "index", index);
        if (index.Device != input.Device)
        {
            throw new ArgumentException($"{operation}: the tensor is on {input.Device}, the index on {index.Device}");
        }
        var fits = index.Rank == input.Rank;
        for (var i = 0; fits && i < input.Rank; i++) fits = i == axis || index.Size(i) <= input.Size(i);
        if (!fits)
        {
            throw new ArgumentException(
                $"{operation}: an index of shape {index.Shape} does not fit into {input.Shape} off axis {axis}", nameof(index));
        }
    }
}

internal sealed class GatherBackward : Node
{
    public Shape Input;
    public int Axis;

    protected internal override void Backward()
    {
        var given = Tensor.Zeros(Input, Gradient.DType, Gradient.Device);
        Backend.For(given).ScatterAdd(given, Axis, Saved(0), Gradient);
        Give(0, given);
    }
}
