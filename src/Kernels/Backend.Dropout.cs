using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// destination = input / (1 − probability) where an element is kept, else input · 0; both contiguous. Element i looks at word i mod 4
    /// of <see cref="Philox4x32"/> at counter offset + i / 4 and is kept if that is below (1 − probability) · 2³², so the backward pass
    /// draws the same again.
    /// </summary>
    public abstract void Dropout(Tensor input, double probability, ulong seed, ulong offset, Tensor destination);
}
