using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Self-attention over several heads, then a projection of what they found, added to the stream and normed.</summary>
internal sealed class BertAttention : Module
{
    private readonly BertSelfAttention _self;
    private readonly BertResidual _output;

    public BertAttention(BertConfig config)
    {
        _self = AddModule("self", new BertSelfAttention(config));
        _output = AddModule("output", new BertResidual(config, config.HiddenSize));
    }

    public Tensor Forward(Tensor hidden, in AttentionSummands mask, List<Tensor>? weights) =>
        _output.Forward(_self.Forward(hidden, mask, weights), hidden);
}

/// <summary>Queries, keys and values, and what the heads make of them.</summary>
internal sealed class BertSelfAttention : Module
{
    private readonly int _heads;
    private readonly double _scale, _dropout;
    private readonly Linear _query, _key, _value;

    public BertSelfAttention(BertConfig config)
    {
        (_heads, _dropout) = (config.NumAttentionHeads, config.AttentionDropout);
        _scale = 1 / Math.Sqrt(config.HiddenSize / _heads);
        _query = AddModule("query", new Linear(config.HiddenSize, config.HiddenSize));
        _key = AddModule("key", new Linear(config.HiddenSize, config.HiddenSize));
        _value = AddModule("value", new Linear(config.HiddenSize, config.HiddenSize));
    }

    public Tensor Forward(Tensor hidden, in AttentionSummands mask, List<Tensor>? weights)
    {
        Tensor query = Heads(_query.Forward(hidden)), key = Heads(_key.Forward(hidden)), value = Heads(_value.Forward(hidden));
        var mixed = mask.Attend(query, key, value, _scale, IsTraining ? _dropout : 0, weights);
        return mixed.Permute(0, 2, 1, 3).Reshape(hidden.Size(0), hidden.Size(1), hidden.Size(2));
    }

    // [batch, length, hidden] → [batch, heads, length, head size]
    private Tensor Heads(Tensor projected) =>
        projected.Reshape(projected.Size(0), projected.Size(1), _heads, projected.Size(2) / _heads).Permute(0, 2, 1, 3);
}

/// <summary>A projection to the stream's size, dropout, added to the stream and normed.</summary>
internal sealed class BertResidual : Module
{
    private readonly Linear _dense;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;

    public BertResidual(BertConfig config, int inFeatures)
    {
        _dense = AddModule("dense", new Linear(inFeatures, config.HiddenSize));
        _norm = AddModule("LayerNorm", new LayerNorm(config.HiddenSize, config.LayerNormEpsilon));
        _dropout = AddModule("dropout", new Dropout(config.HiddenDropout));
    }

    public Tensor Forward(Tensor input, Tensor stream) => _norm.Forward(_dropout.Forward(_dense.Forward(input)) + stream);
}
