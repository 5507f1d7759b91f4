using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void UpdateScale(Tensor squares, Tensor inverseScale, double maxNorm, Tensor norm, Tensor scale, Tensor skip)
    {
        var sum = *(double*)squares.Address;
        var inverse = UpdateBuffers.Number(inverseScale);
        var length = Math.Sqrt(sum) * inverse;
        var coefficient = maxNorm > 0 ? maxNorm / (length + 1e-6) : 1;
        if (coefficient > 1) coefficient = 1;
        Set(norm, length);
        Set(scale, inverse * coefficient);
        Set(skip, double.IsFinite(sum) ? 0 : 1);
    }

    private static void Set(Tensor scalar, double value) => Conversion.Store(&value, scalar.DType, (void*)scalar.Address, 1);
}
