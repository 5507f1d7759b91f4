using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>x Wᵀ + b over the last axis; <c>weight</c> is [out, in] (torch.nn.Linear).</summary>
public sealed class Linear : Module
{
    /// <summary>Draws weight and bias as torch does: uniform within 1/√in.</summary>
    public Linear(int inFeatures, int outFeatures, bool bias = true)
    {
        Weight = AddParameter("weight", [outFeatures, inFeatures]);
        Init.KaimingUniform(Weight);
        if (!bias) return;
        Bias = AddParameter("bias", [outFeatures]);
        var bound = 1 / Math.Sqrt(inFeatures);
        Init.Uniform(Bias, -bound, bound);
    }

    /// <summary>[out, in].</summary>
    public Parameter Weight { get; private set; }

    /// <summary>[out], or null.</summary>
    public Parameter? Bias { get; private set; }

    /// <summary>Uses another module's weight instead of its own from now on.</summary>
    public void TieWeight(Parameter weight)
    {
        if (weight.Shape != Weight.Shape)
        {
            throw new ArgumentException($"a weight of shape {weight.Shape} cannot stand for one of {Weight.Shape}", nameof(weight));
        }
        Weight = AddParameter("weight", weight);
    }

    /// <summary>Uses another module's bias from now on, where it had none of its own too.</summary>
    public void TieBias(Parameter bias)
    {
        if (bias.Shape != [Weight.Shape[0]])
        {
            throw new ArgumentException($"a bias of shape {bias.Shape} does not fit a weight of {Weight.Shape}", nameof(bias));
        }
        Bias = AddParameter("bias", bias);
    }

    /// <summary>[…, in] → […, out].</summary>
    public Tensor Forward(Tensor input) => Hooked(input, input.Linear(Weight, Bias?.Value));
}
