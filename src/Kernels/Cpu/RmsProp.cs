using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void RmsProp(
        Tensor parameters, in UpdateGradients gradients, Tensor squareAvg, Tensor gradAvg, Tensor momentum, in RmsPropSettings settings)
    {
        var buffers = new UpdateBuffers(parameters, gradients, squareAvg, gradAvg, momentum);
        var (centered, hasMomentum) = (gradAvg.IsAlive, momentum.IsAlive);
        if (IsSingle(parameters, "RmsProp")) FlatUpdate.Run<float, RmsPropRule<float>>(buffers, new(settings, centered, hasMomentum));
        else FlatUpdate.Run<double, RmsPropRule<double>>(buffers, new(settings, centered, hasMomentum));
    }
}

/// <summary>torch.optim.RMSprop.</summary>
internal readonly struct RmsPropRule<T>(in RmsPropSettings settings, bool centered, bool hasMomentum) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _rate = T.CreateTruncating(-settings.LearningRate), _epsilon = T.CreateTruncating(settings.Epsilon);
    private readonly T _alpha = T.CreateTruncating(settings.Alpha), _rest = T.CreateTruncating(1 - settings.Alpha);
    private readonly T _decay = T.CreateTruncating(settings.WeightDecay), _momentum = T.CreateTruncating(settings.Momentum);
    private readonly T _sign = settings.Maximize ? -T.One : T.One;
    private readonly bool _isNearer = 1 - settings.Alpha < 0.5, _centered = centered, _hasMomentum = hasMomentum;

    public void Step<V>(ref V p, V g, ref V a, ref V b, ref V c) where V : unmanaged, ISimd<V, T>
    {
        g = V.MultiplyAdd(p, V.Broadcast(_decay), g * V.Broadcast(_sign));
        a = V.MultiplyAdd(V.Broadcast(_rest) * g, g, a * V.Broadcast(_alpha));
        V variance = a;
        if (_centered)
        {
            // torch's interpolation, from the end that is nearer.
            b = _isNearer ? V.MultiplyAdd(V.Broadcast(_rest), g - b, b) : V.MultiplyAdd(-V.Broadcast(_alpha), g - b, g);
            variance = V.MultiplyAdd(-b, b, a);
        }
        V root = V.Sqrt(variance) + V.Broadcast(_epsilon);
        if (_hasMomentum)
        {
            c = (c * V.Broadcast(_momentum)) + (g / root);
            p = V.MultiplyAdd(c, V.Broadcast(_rate), p);
        }
        else
        {
            p += V.Broadcast(_rate) * g / root;
        }
    }
}
