using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void AdamW8Bit(
        Tensor parameter, in UpdateGradients gradients, QuantizedState expAvg, QuantizedState expAvgSq, in AdamWSettings settings) =>
        BlockwiseUpdate.Run(
            "AdamW8Bit", parameter, gradients, new(expAvg, isSigned: true), new(expAvgSq, isSigned: false), default,
            new AdamWRule<float>(settings));
}
