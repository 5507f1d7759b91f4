using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>(x − mean) / √(variance + eps) · weight + bias over the last axis (torch.nn.LayerNorm).</summary>
public sealed class LayerNorm : Module
{
    private readonly double _eps;

    /// <summary>weight is 1, bias 0.</summary>
    public LayerNorm(int features, double eps = 1e-5)
    {
        _eps = eps;
        Weight = AddParameter("weight", [features]);
        Bias = AddParameter("bias", [features]);
        Init.Constant(Weight, 1);
        Init.Constant(Bias, 0);
    }

    /// <inheritdoc/>
    public override bool IsNormalization => true;

    /// <summary>[features].</summary>
    public Parameter Weight { get; }

    /// <summary>[features].</summary>
    public Parameter Bias { get; }

    /// <summary>[…, features] → the same shape.</summary>
    public Tensor Forward(Tensor input) => Hooked(input, input.LayerNorm(Weight, Bias, _eps));
}
