using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>x / √(mean of x² + eps) · weight over the last axis (<c>LlamaRMSNorm</c>; torch.nn.RMSNorm).</summary>
public sealed class RmsNorm : Module
{
    private readonly double _eps;

    /// <summary>weight is 1.</summary>
    /// <param name="features">The size of the last axis.</param>
    /// <param name="eps">Added to the mean of the squares.</param>
    /// <param name="decays">Weight decay treats it like any other weight: the Hugging Face Trainer does so with some models' norms.</param>
    public RmsNorm(int features, double eps = 1e-6, bool decays = false)
    {
        (_eps, IsNormalization) = (eps, !decays);
        Weight = AddParameter("weight", [features]);
        Init.Constant(Weight, 1);
    }

    /// <inheritdoc/>
    public override bool IsNormalization { get; }

    /// <summary>[features].</summary>
    public Parameter Weight { get; }

    /// <summary>[…, features] → the same shape.</summary>
    public Tensor Forward(Tensor input) => Hooked(input, input.RmsNorm(Weight, _eps));
}
