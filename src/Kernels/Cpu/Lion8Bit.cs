using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Lion8Bit(Tensor parameter, in UpdateGradients gradients, QuantizedState expAvg, in LionSettings settings) =>
        BlockwiseUpdate.Run(
            "Lion8Bit", parameter, gradients, new(expAvg, isSigned: true), default, default, new LionRule<float>(settings));
}
