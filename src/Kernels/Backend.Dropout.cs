using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = input · (1 / (1 − probability) where the settings keep an element, else 0); both contiguous.</summary>
    public abstract void Dropout(Tensor input, in DropoutSettings settings, Tensor destination);
}
