using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void ScheduleFreeAdamW(
        Tensor parameters, in UpdateGradients gradients, Tensor points, Tensor expAvgSq, in ScheduleFreeSettings settings)
    {
        var buffers = new UpdateBuffers(parameters, gradients, points, expAvgSq);
        if (IsSingle(parameters, "ScheduleFreeAdamW")) FlatUpdate.Run<float, ScheduleFreeRule<float>>(buffers, new(settings));
        else FlatUpdate.Run<double, ScheduleFreeRule<double>>(buffers, new(settings));
    }

    /// <inheritdoc/>
    public override void Lerp(Tensor values, Tensor ends, double weight)
    {
        var buffers = new UpdateBuffers(values, new UpdateGradients(ends));
        if (IsSingle(values, "Lerp")) FlatUpdate.Run<float, LerpRule<float>>(buffers, new(weight), cost: 3);
        else FlatUpdate.Run<double, LerpRule<double>>(buffers, new(weight), cost: 3);
    }
}

/// <summary>AdamWScheduleFree: p is y, a is z, b the second moment.</summary>
internal readonly struct ScheduleFreeRule<T>(in ScheduleFreeSettings settings) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _beta2 = T.CreateTruncating(settings.Beta2), _rest2 = T.CreateTruncating(1 - settings.Beta2);
    private readonly T _correction = T.CreateTruncating(1 / (1 - Math.Pow(settings.Beta2, settings.Step)));
    private readonly T _epsilon = T.CreateTruncating(settings.Epsilon), _decay = T.CreateTruncating(settings.WeightDecay);
    private readonly T _share = T.CreateTruncating(settings.Share), _rate = T.CreateTruncating(-settings.LearningRate);
    private readonly T _ahead = T.CreateTruncating(settings.LearningRate * ((settings.Beta1 * (1 - settings.Share)) - 1));

    public void Step<V>(ref V p, V g, ref V a, ref V b, ref V c) where V : unmanaged, ISimd<V, T>
    {
        b = V.MultiplyAdd(V.Broadcast(_rest2) * g, g, b * V.Broadcast(_beta2));
        V step = g / (V.Sqrt(b * V.Broadcast(_correction)) + V.Broadcast(_epsilon));
        step = V.MultiplyAdd(p, V.Broadcast(_decay), step);
        p = V.MultiplyAdd(a - p, V.Broadcast(_share), p);
        p = V.MultiplyAdd(step, V.Broadcast(_ahead), p);
        a = V.MultiplyAdd(step, V.Broadcast(_rate), a);
    }
}

/// <summary>From p towards g.</summary>
internal readonly struct LerpRule<T>(double weight) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _weight = T.CreateTruncating(weight);

    public void Step<V>(ref V p, V g, ref V a, ref V b, ref V c) where V : unmanaged, ISimd<V, T> =>
        p = V.MultiplyAdd(g - p, V.Broadcast(_weight), p);
}
