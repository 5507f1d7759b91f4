using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// destination [rows] = log Σ e^x over the last axis of input [rows, n]. Both contiguous; a largest value that is infinite is the
    /// result, n = 0 gives −∞.
    /// </summary>
    public abstract void LogSumExp(Tensor input, Tensor destination);

    /// <summary>destination [rows, n] = gradient [rows] · e^(input [rows, n] − output [rows]); all contiguous.</summary>
    public abstract void LogSumExpBackward(Tensor input, Tensor output, Tensor gradient, Tensor destination);
}
