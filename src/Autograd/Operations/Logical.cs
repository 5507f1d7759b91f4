using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Not, and, or, element by element, to bool: anything but 0 is true. No gradient.</summary>
public static class LogicalOperations
{
    extension(Tensor input)
    {
        /// <summary>True where the input is 0.</summary>
        public Tensor LogicalNot()
        {
            var output = Result.Like(input, DType.Bool);
            Backend.For(output).LogicalNot(input, output);
            return output;
        }

        /// <summary>True where neither is 0; shapes broadcast.</summary>
        public Tensor LogicalAnd(Tensor other)
        {
            var shape = Broadcast.Of("LogicalAnd", input, other);
            var output = Tensor.Empty(shape, DType.Bool, input.Device);
            Backend.For(output).LogicalAnd(Broadcast.To(input, shape), Broadcast.To(other, shape), output);
            return output;
        }

        /// <summary>True where not both are 0; shapes broadcast.</summary>
        public Tensor LogicalOr(Tensor other)
        {
            var shape = Broadcast.Of("LogicalOr", input, other);
            var output = Tensor.Empty(shape, DType.Bool, input.Device);
            Backend.For(output).LogicalOr(Broadcast.To(input, shape), Broadcast.To(other, shape), output);
            return output;
        }
    }
}
