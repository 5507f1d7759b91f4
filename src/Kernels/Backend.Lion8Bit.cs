using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// One Lion step of a parameter whose momentum is kept in 8 bits, see <see cref="AdamW8Bit"/> and <see cref="Lion"/>.
    /// </summary>
    /// <param name="parameter">What is trained.</param>
    /// <param name="gradients">Its gradient.</param>
    /// <param name="expAvg">The momentum, in codes of the signed map.</param>
    /// <param name="settings">The numbers of this step.</param>
    public abstract void Lion8Bit(Tensor parameter, in UpdateGradients gradients, QuantizedState expAvg, in LionSettings settings);
}
