using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Sgd(Tensor parameters, in UpdateGradients gradients, Tensor momentum, in SgdSettings settings)
    {
        var buffers = new UpdateBuffers(parameters, gradients, momentum);
        if (IsSingle(parameters, "Sgd")) FlatUpdate.Run<float, SgdRule<float>>(buffers, new(settings, momentum.IsAlive), cost: 4);
        else FlatUpdate.Run<double, SgdRule<double>>(buffers, new(settings, momentum.IsAlive), cost: 4);
    }
}

/// <summary>torch.optim.SGD.</summary>
internal readonly struct SgdRule<T>(in SgdSettings settings, bool hasMomentum) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _rate = T.CreateTruncating(-settings.LearningRate), _momentum = T.CreateTruncating(settings.Momentum);
    private readonly T _taken = T.CreateTruncating(1 - settings.Dampening), _decay = T.CreateTruncating(settings.WeightDecay);
    private readonly T _sign = settings.Maximize ? -T.One : T.One;
    private readonly bool _nesterov = settings.Nesterov, _isFirst = settings.IsFirst, _hasMomentum = hasMomentum;

    public void Step<V>(ref V p, V g, ref V a, ref V b, ref V c) where V : unmanaged, ISimd<V, T>
    {
        g = V.MultiplyAdd(p, V.Broadcast(_decay), g * V.Broadcast(_sign));
        if (_hasMomentum)
        {
            a = _isFirst ? g : V.MultiplyAdd(g, V.Broadcast(_taken), a * V.Broadcast(_momentum));
            g = _nesterov ? V.MultiplyAdd(a, V.Broadcast(_momentum), g) : a;
        }
        p = V.MultiplyAdd(g, V.Broadcast(_rate), p);
    }
}
