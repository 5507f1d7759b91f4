using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// destination = e^(x − max) / Σ e^(x − max) over the last axis. All tensors contiguous; a row whose largest value is infinite or nan
    /// gives nan.
    /// </summary>
    public abstract void Softmax(Tensor input, Tensor destination);

    /// <summary>destination = output · (gradient − Σ gradient · output) over the last axis. All tensors contiguous.</summary>
    public abstract void SoftmaxBackward(Tensor output, Tensor gradient, Tensor destination);
}
