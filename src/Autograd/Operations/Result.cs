using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>Tensors for kernels to write their results into: contiguous, with whatever was in memory.</summary>
internal static class Result
{
    /// <summary>Of a tensor's shape, dtype and device.</summary>
    public static Tensor Like(Tensor tensor) => Tensor.Empty(tensor.Shape, tensor.DType, tensor.Device);

    /// <summary>Of another shape.</summary>
    public static Tensor Like(Tensor tensor, Shape shape) => Tensor.Empty(shape, tensor.DType, tensor.Device);

    /// <summary>Of another dtype.</summary>
    public static Tensor Like(Tensor tensor, DType dtype) => Tensor.Empty(tensor.Shape, dtype, tensor.Device);
}
