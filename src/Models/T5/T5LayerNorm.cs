using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>T5's layer norm: rows divided by their root mean square, without a mean and without a bias.</summary>
internal sealed class T5LayerNorm : Module
{
    private readonly double _eps;

    public T5LayerNorm(int features, double eps)
    {
        _eps = eps;
        Weight = AddParameter("weight", [features]);
        Init.Constant(Weight, 1);
    }

    public override bool IsNormalization => true;

    public Parameter Weight { get; }

    public Tensor Forward(Tensor hidden) => hidden.RmsNorm(Weight, _eps);
}
