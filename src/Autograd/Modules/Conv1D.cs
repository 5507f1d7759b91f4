using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd;

/// <summary>x W + b over the last axis; <c>weight</c> is [in, out]: what GPT-2 calls Conv1D (transformers.pytorch_utils.Conv1D).</summary>
public sealed class Conv1D : Module
{
    /// <summary>Draws the weight from normal(0, 0.02); the bias is 0.</summary>
    public Conv1D(int outFeatures, int inFeatures)
    {
        Weight = AddParameter("weight", [inFeatures, outFeatures]);
        Bias = AddParameter("bias", [outFeatures]);
        Init.Normal(Weight, 0, 0.02);
        Init.Constant(Bias, 0);
    }

    /// <summary>[in, out].</summary>
    public Parameter Weight { get; }

    /// <summary>[out].</summary>
    public Parameter Bias { get; }

    /// <summary>[…, in] → […, out].</summary>
    public Tensor Forward(Tensor input) => Hooked(input, input.Conv1D(Weight, Bias));
}
