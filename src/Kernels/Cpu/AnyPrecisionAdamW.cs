using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed partial class CpuBackend
{
    /// <inheritdoc/>
    public override void AnyPrecisionAdamW(
        Tensor parameters, in UpdateGradients gradients, Tensor expAvg, Tensor expAvgSq, Tensor compensation,
        in AnyPrecisionAdamWSettings settings)
    {
        ReadOnlySpan<Tensor> tensors = [parameters, expAvg, expAvgSq, compensation.IsAlive ? compensation : parameters];
        foreach (var tensor in tensors)
        {
            if (tensor.DType is DType.Float32 or DType.BFloat16) continue;
            throw RowKernel.Unsupported("AnyPrecisionAdamW", tensor.DType, "float32 or bfloat16");
        }
        var isRounded = (IsBFloat16(0, tensors), IsBFloat16(1, tensors), IsBFloat16(2, tensors), IsBFloat16(3, tensors));
        var buffers = new UpdateBuffers(parameters, gradients, expAvg, expAvgSq, compensation);
        var rule = new AnyPrecisionAdamWRule(settings, isRounded, gradients.Values.DType, compensation.IsAlive);
        FlatUpdate.Run<float, AnyPrecisionAdamWRule>(buffers, rule, cost: 12);

        static bool IsBFloat16(int index, ReadOnlySpan<Tensor> tensors) => tensors[index].DType == DType.BFloat16;
    }
}

/// <summary>AnyPrecisionAdamW: rounds after each of torch's operations, as buffers of fewer bits do.</summary>
internal readonly struct AnyPrecisionAdamWRule : IUpdateRule<float>
{
    private readonly float _beta1, _rest1, _beta2, _rest2, _stepSize, _root, _epsilon, _keep;
    private readonly (bool Parameters, bool First, bool Second, bool Lost) _isRounded;
    private readonly bool _compensates;

    public AnyPrecisionAdamWRule(
        in AnyPrecisionAdamWSettings settings, (bool, bool First, bool, bool) isRounded, DType gradients, bool compensates)
    {
        (_isRounded, _compensates) = (isRounded, compensates);
        (_beta1, _rest1) = ((float)settings.Beta1, (float)(1 - settings.Beta1));
        (_beta2, _rest2) = ((float)settings.Beta2, (float)(1 - settings.Beta2));
        if (isRounded.First && gradients == DType.BFloat16) _rest1 = (float)(BFloat16)_rest1; // torch's add_ has its alpha in that dtype

        // The step is a float32 tensor there, so all that is computed with it is float32.
        _stepSize = -((float)settings.LearningRate / (1 - MathF.Pow((float)settings.Beta1, settings.Step)));
        _root = MathF.Sqrt(1 - MathF.Pow((float)settings.Beta2, settings.Step));
        (_epsilon, _keep) = ((float)settings.Epsilon, (float)(1 - (settings.LearningRate * settings.WeightDecay)));
    }

    public void Step<V>(ref V p, V g, ref V a, ref V b, ref V c) where V : unmanaged, ISimd<V, float>
    {
        p = Rounded(p * V.Broadcast(_keep), _isRounded.Parameters);
        a = Rounded(V.MultiplyAdd(g, V.Broadcast(_rest1), Rounded(a * V.Broadcast(_beta1), _isRounded.First)), _isRounded.First);
        b = Rounded(b * V.Broadcast(_beta2), _isRounded.Second);
        b = Rounded(V.MultiplyAdd(V.Broadcast(_rest2) * g, g, b), _isRounded.Second);
        V denominator = Rounded(Rounded(V.Sqrt(b), _isRounded.Second) / V.Broadcast(_root), _isRounded.Second);
        denominator = Rounded(denominator + V.Broadcast(_epsilon), _isRounded.Second);
        V step = V.Broadcast(_stepSize) * a / denominator;
        if (!_compensates)
        {
            p = Rounded(p + step, _isRounded.Parameters);
            return;
        }
        c = Rounded(c + step, _isRounded.Lost);
        V before = p;
        p = Rounded(p + c, _isRounded.Parameters);
        c = Rounded(c + Rounded(before - p, _isRounded.Parameters), _isRounded.Lost);
    }

    // To the nearest bfloat16, ties to even; the upper half of the bits. nan stays nan as long as its upper bits are not all 0.
    private static V Rounded<V>(V x, bool isRounded) where V : unmanaged, ISimd<V, float>
    {
        if (!isRounded) return x;
        V odd = V.ShiftRight(x, 16) & V.Bits(1);
        V up = V.AddBits(V.AddBits(x, V.Bits(0x7fff)), odd) & V.Bits(unchecked((int)0xffff0000));
        return V.Select(V.Equal(x, x), up, x);
    }
}
