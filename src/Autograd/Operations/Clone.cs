using NativeTrainer.Kernels;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>A copy with memory of its own. Gradient: passed through.</summary>
public static class CloneOperation
{
    extension(Tensor input)
    {
        /// <summary>A contiguous copy.</summary>
        public Tensor Clone()
        {
            var copy = Tensor.Empty(input.Shape, input.DType, input.Device);
            Backend.For(copy).Copy(input, copy);
            Tape.Record<CloneBackward>(copy, input);
            return copy;
        }

        /// <summary>The tensor itself if its elements lie side by side in row-major order, else a copy where they do.</summary>
        public Tensor Contiguous() => input.IsContiguous ? input : input.Clone();
    }
}

internal sealed class CloneBackward : Node
{
    protected internal override void Backward() => Give(0, Gradient);
}
