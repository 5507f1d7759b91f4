using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Loop;

/// <summary>Single numbers out of tensors of any floating point dtype.</summary>
internal static class Numbers
{
    public static double Scalar(Tensor tensor) => tensor.DType == DType.Float64 ? tensor.Item<double>() : AsFloat32(tensor).Item<float>();

    public static Tensor AsFloat32(Tensor tensor)
    {
        using var silent = NoGrad.Enter();
        return tensor.DType == DType.Float32 ? tensor : tensor.To(DType.Float32);
    }
}
