using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>left + right, with broadcasting. Gradient: passed to both.</summary>
public static class AddOperation
{
    extension(Tensor)
    {
        /// <summary>left + right; shapes broadcast.</summary>
        public static Tensor operator +(Tensor left, Tensor right)
        {
            var shape = Broadcast.Of("Add", left, right);
            var sum = Tensor.Empty(shape, left.DType, left.Device);
            Backend.For(sum).Add(Broadcast.To(left, shape), Broadcast.To(right, shape), sum);
            if (Tape.Record<AddBackward>(sum, left, right) is { } node) (node.Left, node.Right) = (left.Shape, right.Shape);
            return sum;
        }
    }
}

internal sealed class AddBackward : Node
{
    public Shape Left, Right;

    protected internal override void Backward()
    {
        if (Needs(0)) Give(0, Broadcast.Back(Gradient, Left));
        if (Needs(1)) Give(1, Broadcast.Back(Gradient, Right));
    }
}
