using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Adafactor(
        Tensor parameter, in UpdateGradients gradients, Tensor rows, Tensor columns, Tensor expAvgSq, Tensor expAvg, Tensor rms,
        in AdafactorSettings settings)
    {
        if (parameter.DType == DType.Float32)
        {
            AdafactorStep<float>.Run(new(parameter, gradients, expAvgSq, expAvg), rows, columns, rms, settings);
        }
        else if (parameter.DType == DType.Float64)
        {
            AdafactorStep<double>.Run(new(parameter, gradients, expAvgSq, expAvg), rows, columns, rms, settings);
        }
        else
        {
            throw RowKernel.Unsupported("Adafactor", parameter.DType, "float32 or float64");
        }
    }
}
