using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Up to the inner size, a nonlinearity, down again, dropout.</summary>
internal sealed class Gpt2Mlp : Module
{
    private readonly Conv1D _up, _down;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly Dropout _dropout;

    public Gpt2Mlp(Gpt2Config config)
    {
        _up = AddModule("c_fc", new Conv1D(config.InnerSize, config.HiddenSize));
        _down = AddModule("c_proj", new Conv1D(config.HiddenSize, config.InnerSize));
        _activation = Activations.Named(config.ActivationFunction);
        _dropout = AddModule("dropout", new Dropout(config.ResidDropout));
    }

    /// <summary>The weight whose output joins the residual stream.</summary>
    public Parameter OutputWeight => _down.Weight;

    public Tensor Forward(Tensor hidden) => Hooked(hidden, _dropout.Forward(_down.Forward(_activation(_up.Forward(hidden)))));
}
