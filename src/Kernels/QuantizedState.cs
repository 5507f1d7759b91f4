using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

/// <summary>An optimizer's state in 8 bits an element: codes of a <see cref="DynamicMap"/>, block by block.</summary>
/// <param name="Codes">uint8, one for each element.</param>
/// <param name="AbsMax">float32, the largest magnitude of each block.</param>
/// <param name="BlockSize">Elements to a block; the last may have fewer.</param>
public readonly record struct QuantizedState(Tensor Codes, Tensor AbsMax, int BlockSize)
{
    /// <summary>How many blocks hold some elements.</summary>
    public static long Blocks(long elements, int blockSize) => (elements + blockSize - 1) / blockSize;
}
