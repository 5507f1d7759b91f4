using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = x − max − log Σ e^(x − max) over the last axis. All tensors contiguous.</summary>
    public abstract void LogSoftmax(Tensor input, Tensor destination);

    /// <summary>destination = gradient − e^output · Σ gradient over the last axis. All tensors contiguous.</summary>
    public abstract void LogSoftmaxBackward(Tensor output, Tensor gradient, Tensor destination);
}
