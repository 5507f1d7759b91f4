using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// A block's last part: up to the inner size, a nonlinearity (times a second projection where gated), down again, added to the stream.
/// </summary>
internal sealed class T5FeedForward : Module
{
    private readonly T5Dense _dense;
    private readonly RmsNorm _norm;
    private readonly Dropout _dropout;

    public T5FeedForward(T5Config config)
    {
        _dense = AddModule("DenseReluDense", new T5Dense(config));
        _norm = AddModule("layer_norm", new RmsNorm(config.ModelSize, config.LayerNormEpsilon));
        _dropout = AddModule("dropout", new Dropout(config.DropoutRate));
    }

    public Tensor Forward(Tensor hidden) => T5Range.Held(hidden + _dropout.Forward(_dense.Forward(_norm.Forward(hidden))));
}

/// <summary>The two or three projections of <see cref="T5FeedForward"/> (https://arxiv.org/abs/2002.05202 for the gated form).</summary>
internal sealed class T5Dense : Module
{
    private readonly Linear? _gate;
    private readonly Linear _up, _down;
    private readonly Dropout _dropout;
    private readonly Func<Tensor, Tensor> _activation;

    public T5Dense(T5Config config)
    {
        var isGated = config.IsGatedActivation;
        if (isGated) _gate = AddModule("wi_0", new Linear(config.ModelSize, config.FeedForwardSize, bias: false));
        _up = AddModule(isGated ? "wi_1" : "wi", new Linear(config.ModelSize, config.FeedForwardSize, bias: false));
        _down = AddModule("wo", new Linear(config.FeedForwardSize, config.ModelSize, bias: false));
        _dropout = AddModule("dropout", new Dropout(config.DropoutRate));
        _activation = Activations.Named(config.DenseActivation);
    }

    /// <summary>Draws initial weights as Hugging Face does.</summary>
    public void Draw(T5Config config)
    {
        var std = config.InitializerFactor * Math.Pow(config.ModelSize, -0.5);
        if (_gate is not null) Init.Normal(_gate.Weight, 0, std);
        Init.Normal(_up.Weight, 0, std);
        Init.Normal(_down.Weight, 0, config.InitializerFactor * Math.Pow(config.FeedForwardSize, -0.5));
    }

    public Tensor Forward(Tensor hidden)
    {
        var inner = _gate is null ? _activation(_up.Forward(hidden)) : _activation(_gate.Forward(hidden)) * _up.Forward(hidden);
        return _down.Forward(_dropout.Forward(inner));
    }
}
