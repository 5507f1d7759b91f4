using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>One triangle of matrices, the rest 0. Gradient: the same triangle of g.</summary>
public static class TrilTriuOperation
{
    extension(Tensor input)
    {
        /// <summary>The last two axes up to a diagonal: elements with column &gt; row + <paramref name="diagonal"/> become 0.</summary>
        public Tensor Tril(int diagonal = 0) => Triangle("Tril", input, isUpper: false, diagonal);

        /// <summary>The last two axes from a diagonal on: elements with column &lt; row + <paramref name="diagonal"/> become 0.</summary>
        public Tensor Triu(int diagonal = 0) => Triangle("Triu", input, isUpper: true, diagonal);
    }

    private static Tensor Triangle(string operation, Tensor input, bool isUpper, int diagonal)
    {
        if (input.Rank < 2) throw new ArgumentException($"{operation}: needs at least 2 axes, found {input}");
        var output = Cut(input, isUpper, diagonal);
        if (Tape.Record<TrilTriuBackward>(output, input) is { } node) (node.IsUpper, node.Diagonal) = (isUpper, diagonal);
        return output;
    }

    internal static Tensor Cut(Tensor input, bool isUpper, int diagonal)
    {
        var output = Tensor.Empty(input.Shape, input.DType, input.Device);
        if (isUpper) Backend.For(output).Triu(input, diagonal, output);
        else Backend.For(output).Tril(input, diagonal, output);
        return output;
    }
}

internal sealed class TrilTriuBackward : Node
{
    public bool IsUpper;
    public int Diagonal;

    protected internal override void Backward() => Give(0, TrilTriuOperation.Cut(Gradient, IsUpper, Diagonal));
}
