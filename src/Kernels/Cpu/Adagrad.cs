using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Adagrad(Tensor parameters, in UpdateGradients gradients, Tensor sum, in AdagradSettings settings)
    {
        var buffers = new UpdateBuffers(parameters, gradients, sum);
        if (IsSingle(parameters, "Adagrad")) FlatUpdate.Run<float, AdagradRule<float>>(buffers, new(settings), cost: 6);
        else FlatUpdate.Run<double, AdagradRule<double>>(buffers, new(settings), cost: 6);
    }
}

/// <summary>torch.optim.Adagrad.</summary>
internal readonly struct AdagradRule<T>(in AdagradSettings settings) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _rate = T.CreateTruncating(-settings.LearningRate), _epsilon = T.CreateTruncating(settings.Epsilon);
    private readonly T _decay = T.CreateTruncating(settings.WeightDecay), _sign = settings.Maximize ? -T.One : T.One;

    public void Step<V>(ref V p, V g, ref V a, ref V b, ref V c) where V : unmanaged, ISimd<V, T>
    {
        g = V.MultiplyAdd(p, V.Broadcast(_decay), g * V.Broadcast(_sign));
        a = V.MultiplyAdd(g, g, a);
        p += V.Broadcast(_rate) * g / (V.Sqrt(a) + V.Broadcast(_epsilon));
    }
}
