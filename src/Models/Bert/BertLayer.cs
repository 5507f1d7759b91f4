using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Attention, then a feed-forward part; each is added to the stream, which is normed afterwards.</summary>
internal sealed class BertLayer : Module
{
    private readonly BertAttention _attention;
    private readonly BertIntermediate _intermediate;
    private readonly BertResidual _output;

    public BertLayer(BertConfig config)
    {
        _attention = AddModule("attention", new BertAttention(config));
        _intermediate = AddModule("intermediate", new BertIntermediate(config));
        _output = AddModule("output", new BertResidual(config, config.IntermediateSize));
    }

    public Tensor Forward(Tensor hidden, in AttentionSummands mask, List<Tensor>? weights)
    {
        hidden = _attention.Forward(hidden, mask, weights);
        return _output.Forward(_intermediate.Forward(hidden), hidden);
    }
}

/// <summary>Up to the inner size, and a nonlinearity.</summary>
internal sealed class BertIntermediate : Module
{
    private readonly Linear _dense;
    private readonly Func<Tensor, Tensor> _activation;

    public BertIntermediate(BertConfig config)
    {
        _dense = AddModule("dense", new Linear(config.HiddenSize, config.IntermediateSize));
        _activation = Activations.Named(config.HiddenActivation);
    }

    public Tensor Forward(Tensor hidden) => _activation(_dense.Forward(hidden));
}

/// <summary>The layers.</summary>
internal sealed class BertEncoder : Module
{
    public BertEncoder(BertConfig config)
    {
        var layers = Enumerable.Range(0, config.NumHiddenLayers).Select(_ => new BertLayer(config));
        Layers = AddModule("layer", new ModuleList<BertLayer>(layers));
    }

    public ModuleList<BertLayer> Layers { get; }
}

/// <summary>What the first position says about the whole text: a projection and tanh.</summary>
internal sealed class BertPooler : Module
{
    private readonly Linear _dense;

    public BertPooler(BertConfig config) => _dense = AddModule("dense", new Linear(config.HiddenSize, config.HiddenSize));

    /// <summary>[batch, length, hidden] → [batch, hidden].</summary>
    public Tensor Forward(Tensor hidden) => _dense.Forward(hidden.Select(1, 0)).Tanh();
}
