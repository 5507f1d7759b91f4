using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels;

public abstract partial class Backend
{
    /// <summary>destination = gate · sigmoid(gate) · up.</summary>
    public abstract void SwiGlu(Tensor gate, Tensor up, Tensor destination);

    /// <summary>
    /// Both gradients of <see cref="SwiGlu"/> in one pass: with s = sigmoid(gate), gateGradient = gradient · up · s · (1 + gate · (1 - s)) and
    /// upGradient = gradient · gate · s, overwritten. All contiguous and of one dtype.
    /// </summary>
    public abstract void SwiGluBackward(Tensor gate, Tensor up, Tensor gradient, Tensor gateGradient, Tensor upGradient);
}
