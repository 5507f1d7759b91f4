using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void AdEMAMix(
        Tensor parameters, in UpdateGradients gradients, Tensor fast, Tensor slow, Tensor expAvgSq, in AdEMAMixSettings settings)
    {
        var buffers = new UpdateBuffers(parameters, gradients, fast, slow, expAvgSq);
        if (IsSingle(parameters, "AdEMAMix")) FlatUpdate.Run<float, AdEMAMixRule<float>>(buffers, new(settings));
        else FlatUpdate.Run<double, AdEMAMixRule<double>>(buffers, new(settings));
    }

    /// <inheritdoc/>
    public override void AdEMAMix8Bit(
        Tensor parameter, in UpdateGradients gradients, QuantizedState fast, QuantizedState slow, QuantizedState expAvgSq,
        in AdEMAMixSettings settings) =>
        BlockwiseUpdate.Run(
            "AdEMAMix8Bit", parameter, gradients, new(fast, isSigned: true), new(slow, isSigned: true), new(expAvgSq, isSigned: false),
            new AdEMAMixRule<float>(settings));
}

/// <summary>AdEMAMix as its paper has it.</summary>
internal readonly struct AdEMAMixRule<T>(in AdEMAMixSettings settings) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _beta1 = T.CreateTruncating(settings.Beta1), _rest1 = T.CreateTruncating(1 - settings.Beta1);
    private readonly T _beta2 = T.CreateTruncating(settings.Beta2), _rest2 = T.CreateTruncating(1 - settings.Beta2);
    private readonly T _beta3 = T.CreateTruncating(settings.Beta3), _rest3 = T.CreateTruncating(1 - settings.Beta3);
    private readonly T _first = T.CreateTruncating(1 / (1 - Math.Pow(settings.Beta1, settings.Step)));
    private readonly T _root = T.CreateTruncating(Math.Sqrt(1 - Math.Pow(settings.Beta2, settings.Step)));
    private readonly T _alpha = T.CreateTruncating(settings.Alpha), _epsilon = T.CreateTruncating(settings.Epsilon);
    private readonly T _rate = T.CreateTruncating(settings.LearningRate);
    private readonly T _keep = T.CreateTruncating(1 - (settings.LearningRate * settings.WeightDecay));

    public void Step<V>(ref V p, V g, ref V a, ref V b, ref V c) where V : unmanaged, ISimd<V, T>
    {
        a = V.MultiplyAdd(g, V.Broadcast(_rest1), a * V.Broadcast(_beta1));
        b = V.MultiplyAdd(g, V.Broadcast(_rest3), b * V.Broadcast(_beta3));
        c = V.MultiplyAdd(V.Broadcast(_rest2) * g, g, c * V.Broadcast(_beta2));
        V direction = V.MultiplyAdd(b, V.Broadcast(_alpha), a * V.Broadcast(_first));
        V denominator = (V.Sqrt(c) / V.Broadcast(_root)) + V.Broadcast(_epsilon);
        p = (p * V.Broadcast(_keep)) - (V.Broadcast(_rate) * direction / denominator);
    }
}
