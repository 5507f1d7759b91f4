using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Self-attention, in the decoder attention to the encoder's states, a feed-forward layer: each normed first and added.</summary>
internal sealed class T5Block : Module
{
    private readonly T5AttentionLayer _self;
    private readonly T5AttentionLayer? _cross;
    private readonly T5FeedForward _feedForward;

    public T5Block(T5Config config, int index, bool isDecoder)
    {
        _self = new T5AttentionLayer("SelfAttention", config, new T5Attention(config, index, isDecoder, hasPositions: index == 0));
        if (isDecoder)
        {
            _cross = new T5AttentionLayer("EncDecAttention", config, new T5Attention(config, index, isDecoder, hasPositions: false));
        }
        _feedForward = new T5FeedForward(config);
        AddModule("layer", new ModuleList<Module>(_cross is null ? [_self, _feedForward] : [_self, _cross, _feedForward]));
    }

    /// <summary>Of the first block, which has them for all.</summary>
    public Tensor PositionBias(long queries, long keys) => _self.Attention.PositionBias(queries, keys);

    /// <summary>An encoder's block, or the part of a decoder's that sees no encoder.</summary>
    public Tensor Forward(Tensor hidden, in AttentionSummands summands, List<Tensor>? weights) =>
        _feedForward.Forward(_self.Forward(hidden, summands, null, weights));

    /// <summary>A decoder's block.</summary>
    public Tensor Forward(
        Tensor hidden, in AttentionSummands summands, Tensor encoded, in AttentionSummands cross, KeyValueCache? cache,
        List<Tensor>? weights, List<Tensor>? crossWeights)
    {
        hidden = _self.Forward(hidden, summands, cache, weights);
        hidden = _cross!.Cross(hidden, encoded, cross, cache?.CrossAttention, crossWeights);
        return _feedForward.Forward(hidden);
    }
}

/// <summary>An attention with the norm before it and the dropout behind it, added to the stream.</summary>
internal sealed class T5AttentionLayer : Module
{
    private readonly RmsNorm _norm;
    private readonly Dropout _dropout;

    public T5AttentionLayer(string name, T5Config config, T5Attention attention)
    {
        Attention = AddModule(name, attention);
        _norm = AddModule("layer_norm", new RmsNorm(config.ModelSize, config.LayerNormEpsilon));
        _dropout = AddModule("dropout", new Dropout(config.DropoutRate));
    }

    public T5Attention Attention { get; }

    public Tensor Forward(Tensor hidden, in AttentionSummands summands, KeyValueCache? cache, List<Tensor>? weights) =>
        T5Range.Held(hidden + _dropout.Forward(Attention.Forward(_norm.Forward(hidden), summands, cache, weights)));

    public Tensor Cross(Tensor hidden, Tensor encoded, in AttentionSummands summands, KeyValueCache? cache, List<Tensor>? weights) =>
        T5Range.Held(hidden + _dropout.Forward(Attention.Cross(_norm.Forward(hidden), encoded, summands, cache, weights)));
}
