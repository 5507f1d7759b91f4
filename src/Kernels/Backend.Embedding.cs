using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// destination [n, d] = the rows of weight [rows, d] that ids [n] (int64 or int32) name; all contiguous. An id that names no row
    /// throws.
    /// </summary>
    public abstract void Embedding(Tensor weight, Tensor ids, Tensor destination);

    /// <summary>
    /// Adds each row of gradient [n, d] to the row of destination [rows, d] that its id names, in the order of the ids for any number of
    /// threads; all contiguous. Ids equal to <paramref name="padding"/> (−1 for none) are left out.
    /// </summary>
    public abstract void EmbeddingBackward(Tensor gradient, Tensor ids, long padding, Tensor destination);
}
