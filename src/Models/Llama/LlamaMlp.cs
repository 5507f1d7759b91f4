using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>A gated MLP: down(activation(gate) · up) (https://arxiv.org/abs/2002.05202).</summary>
internal sealed class LlamaMlp : Module
{
    private readonly Linear _gate, _up, _down;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly bool _isSilu;

    public LlamaMlp(LlamaFamilyConfig config)
    {
        _gate = AddModule("gate_proj", new Linear(config.HiddenSize, config.IntermediateSize, config.FeedForwardBias));
        _up = AddModule("up_proj", new Linear(config.HiddenSize, config.IntermediateSize, config.FeedForwardBias));
        _down = AddModule("down_proj", new Linear(config.IntermediateSize, config.HiddenSize, config.FeedForwardBias));
        (_activation, _isSilu) = (Activations.Named(config.HiddenAct), config.HiddenAct is "silu" or "swish");
    }

    public Tensor Forward(Tensor hidden)
    {
        var (gate, up) = (_gate.Forward(hidden), _up.Forward(hidden));

        // Narrow dtypes are rounded between the two, as everywhere else.
        return _down.Forward(_isSilu && gate.DType.ByteSize >= 4 ? gate.SwiGlu(up) : _activation(gate) * up);
    }
}
