using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// Rotary position embedding: with a, b the halves of a vector and the row of its position in the tables, destination = (a·cos − b·sin,
    /// b·cos + a·sin), or with <paramref name="transpose"/> the gradient's way back, (a·cos + b·sin', b·cos − a·sin'), sin' the sines of
    /// the other half.
    /// </summary>
    /// <param name="input">[batch, heads, length, size], the last axis with stride 1, all others as they please; size even.</param>
    /// <param name="cos">[positions, size], contiguous, of the same dtype.</param>
    /// <param name="sin">As <paramref name="cos"/>.</param>
    /// <param name="positions">[batch, length], int64 or int32, any strides; one beyond the tables throws.</param>
    /// <param name="transpose">Multiply by the transposed matrix.</param>
    /// <param name="destination">As <paramref name="input"/>.</param>
    public abstract void Rotary(Tensor input, Tensor cos, Tensor sin, Tensor positions, bool transpose, Tensor destination);
}
