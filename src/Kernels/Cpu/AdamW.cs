using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void AdamW(
        Tensor parameters, in UpdateGradients gradients, Tensor expAvg, Tensor expAvgSq, in AdamWSettings settings,
        Tensor maxExpAvgSq = default)
    {
        var buffers = new UpdateBuffers(parameters, gradients, expAvg, expAvgSq, maxExpAvgSq);
        if (IsSingle(parameters, "AdamW")) FlatUpdate.Run<float, AdamWRule<float>>(buffers, new(settings, maxExpAvgSq.IsAlive));
        else FlatUpdate.Run<double, AdamWRule<double>>(buffers, new(settings, maxExpAvgSq.IsAlive));
    }
}

/// <summary>AdamW; multiplications are fused with additions exactly where PyTorch's loops do that.</summary>
internal readonly struct AdamWRule<T> : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _beta1, _rest1, _beta2, _rest2, _stepSize, _root, _epsilon, _before, _after, _sign;
    private readonly bool _isTorch, _isNearer, _keepsLargest;

    public AdamWRule(in AdamWSettings settings, bool keepsLargest = false)
    {
        var first = settings.CorrectBias ? 1 - Math.Pow(settings.Beta1, settings.Step) : 1;
        var second = settings.CorrectBias ? Math.Sqrt(1 - Math.Pow(settings.Beta2, settings.Step)) : 1;
        var decay = settings.LearningRate * settings.WeightDecay;
        (_isTorch, _keepsLargest) = (settings.Variant == AdamWVariant.Torch, keepsLargest);
        _isNearer = 1 - settings.Beta1 < 0.5;
        (_beta1, _rest1) = (T.CreateTruncating(settings.Beta1), T.CreateTruncating(1 - settings.Beta1));
        (_beta2, _rest2) = (T.CreateTruncating(settings.Beta2), T.CreateTruncating(1 - settings.Beta2));
        _stepSize = T.CreateTruncating(-(_isTorch ? settings.LearningRate / first : settings.LearningRate * second / first));
        _root = T.CreateTruncating(_isTorch ? second : 1);
        _epsilon = T.CreateTruncating(settings.Variant == AdamWVariant.BitsAndBytes ? settings.Epsilon * second : settings.Epsilon);
        (_before, _after) = (T.CreateTruncating(_isTorch ? 1 - decay : 1), T.CreateTruncating(_isTorch ? 0 : -decay));
        _sign = settings.Maximize ? -T.One : T.One;
    }

    public void Step<V>(ref V p, V g, ref V a, ref V b, ref V c) where V : unmanaged, ISimd<V, T>
    {
        g *= V.Broadcast(_sign);

        // PyTorch moves the first moment by interpolation, from the end that is nearer; the others by a weighted sum.
        if (!_isTorch) a = V.MultiplyAdd(g, V.Broadcast(_rest1), a * V.Broadcast(_beta1));
        else if (_isNearer) a = V.MultiplyAdd(V.Broadcast(_rest1), g - a, a);
        else a = V.MultiplyAdd(-V.Broadcast(_beta1), g - a, g);
        b = V.MultiplyAdd(V.Broadcast(_rest2) * g, g, b * V.Broadcast(_beta2));
        V moment = b;
        if (_keepsLargest) moment = c = V.Max(c, b);
        V denominator = (V.Sqrt(moment) / V.Broadcast(_root)) + V.Broadcast(_epsilon);
        p = (p * V.Broadcast(_before)) + (V.Broadcast(_stepSize) * a / denominator);
        if (!_isTorch) p = V.MultiplyAdd(p, V.Broadcast(_after), p);
    }
}
