using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>The end of the tape at a tensor that was not computed (a parameter, an input that needs a gradient): collects its gradient.</summary>
internal sealed class LeafGradient : Node
{
    private readonly Shape _shape;
    private readonly DType _dtype;

    public LeafGradient(Tensor leaf)
    {
        (_shape, _dtype) = (leaf.Shape, leaf.DType);
        Begin([]);
        AddOutput(leaf);
    }

    /// <summary>The sum of all gradients since it was last cleared; null before the first. A buffer set from outside is added to.</summary>
    public Tensor? Total { get; set; }

    /// <summary>Whether a backward pass has come here since this was last set to false.</summary>
    public bool HasArrived { get; set; }

    /// <summary>Only where no hook wants to see the gradient first, and kernels can add in the leaf's own precision.</summary>
    public bool TryGetBuffer(out Tensor buffer)
    {
        HasArrived = true; // who asks has a gradient to add
        buffer = Total.GetValueOrDefault();
        return buffer.IsAlive && !HasHooks;
    }

    internal override void Receive(int output, Tensor gradient)
    {
        if (gradient.Shape != _shape || gradient.DType != _dtype)
        {
            throw new InvalidOperationException($"a gradient of {gradient} arrived at a leaf of {_dtype.TorchName} {_shape}");
        }
        if (TryGetBuffer(out var total)) Backend.For(total).Add(total, gradient, total);
        else base.Receive(output, gradient);
    }

    protected internal override void Backward()
    {
        if (!Gradient.IsAlive) return; // everything was added on arrival
        if (Total is { } total)
        {
            Backend.For(total).Add(total, Gradient, total);
            return;
        }

        // The leaf outlives the step, so its gradient does too.
        using var outside = TensorPool.Suspend();
        var copy = Tensor.Empty(_shape, _dtype, Gradient.Device);
        Backend.For(copy).Copy(Gradient, copy);
        Total = copy;
    }
}
