using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = ln(1 + e^(beta · source)) / beta; source itself where beta · source is above the threshold.</summary>
    public abstract void Softplus(Tensor source, double beta, double threshold, Tensor destination);

    /// <summary>gradient · sigmoid(beta · source); all of it above the threshold.</summary>
    public abstract void SoftplusBackward(Tensor source, Tensor gradient, double beta, double threshold, Tensor destination);
}
