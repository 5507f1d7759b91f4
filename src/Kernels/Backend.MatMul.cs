using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// destination = alpha · left · right + beta · destination (+ bias), for the matrices in the last two axes of each item of a batch.
    /// </summary>
    /// <param name="left">[…, m, k], any strides.</param>
    /// <param name="right">[…, k, n], any strides.</param>
    /// <param name="destination">
    /// […, m, n], of the same rank, its last axis with stride 1; its batch axes are everybody's (stride 0 where an operand is repeated).
    /// </param>
    /// <param name="alpha">Factor of the product.</param>
    /// <param name="beta">Factor of what is there; with 0 it is not read. k = 0 leaves only this term and the bias.</param>
    /// <param name="bias">[n] with stride 1, added to every row; <c>default</c> for none.</param>
    public abstract void MatMul(Tensor left, Tensor right, Tensor destination, double alpha = 1, double beta = 0, Tensor bias = default);
}
