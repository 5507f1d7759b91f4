using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>left · right, with broadcasting. Gradient: the other factor times the incoming one.</summary>
public static class MulOperation
{
    extension(Tensor)
    {
        /// <summary>left · right, element by element; shapes broadcast.</summary>
        public static Tensor operator *(Tensor left, Tensor right)
        {
            var shape = Broadcast.Of("Mul", left, right);
            var product = Tensor.Empty(shape, left.DType, left.Device);
            Backend.For(product).Mul(Broadcast.To(left, shape), Broadcast.To(right, shape), product);
            Tape.Record<MulBackward>(product, left, right)?.Save(left, right);
            return product;
        }
    }
}

internal sealed class MulBackward : Node
{
    protected internal override void Backward()
    {
        if (Needs(0)) Give(0, Broadcast.Back(Gradient * Saved(1), Saved(0).Shape));
        if (Needs(1)) Give(1, Broadcast.Back(Gradient * Saved(0), Saved(1).Shape));
    }
}
