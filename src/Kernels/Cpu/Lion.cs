using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Lion(Tensor parameters, in UpdateGradients gradients, Tensor expAvg, in LionSettings settings)
    {
        var buffers = new UpdateBuffers(parameters, gradients, expAvg);
        if (IsSingle(parameters, "Lion")) FlatUpdate.Run<float, LionRule<float>>(buffers, new(settings), cost: 6);
        else FlatUpdate.Run<double, LionRule<double>>(buffers, new(settings), cost: 6);
    }
}

/// <summary>Lion as its paper has it.</summary>
internal readonly struct LionRule<T>(in LionSettings settings) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _rate = T.CreateTruncating(settings.LearningRate);
    private readonly T _beta1 = T.CreateTruncating(settings.Beta1), _rest1 = T.CreateTruncating(1 - settings.Beta1);
    private readonly T _beta2 = T.CreateTruncating(settings.Beta2), _rest2 = T.CreateTruncating(1 - settings.Beta2);
    private readonly T _keep = T.CreateTruncating(1 - (settings.LearningRate * settings.WeightDecay));

    public void Step<V>(ref V p, V g, ref V a, ref V b, ref V c) where V : unmanaged, ISimd<V, T>
    {
        V direction = (a * V.Broadcast(_beta1)) + (V.Broadcast(_rest1) * g);
        V step = V.Select(V.GreaterThan(direction, default), V.Broadcast(_rate), default)
            - V.Select(V.LessThan(direction, default), V.Broadcast(_rate), default);
        p = (p * V.Broadcast(_keep)) - step;
        a = (a * V.Broadcast(_beta2)) + (V.Broadcast(_rest2) * g);
    }
}
