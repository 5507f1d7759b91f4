using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Causal self-attention over several heads; queries, keys and values come from one projection.</summary>
internal sealed class Gpt2Attention : Module
{
    private readonly int _index, _heads;
    private readonly double _scale, _weightDropout;
    private readonly Conv1D _queryKeyValue, _output;
    private readonly Dropout _dropout;

    public Gpt2Attention(Gpt2Config config, int index)
    {
        (_index, _heads) = (index, config.NumAttentionHeads);
        _scale = config.ScaleAttentionWeights ? 1 / Math.Sqrt(config.HiddenSize / _heads) : 1;
        if (config.ScaleAttentionByInverseLayerIndex) _scale /= index + 1;
        _queryKeyValue = AddModule("c_attn", new Conv1D(3 * config.HiddenSize, config.HiddenSize));
        _output = AddModule("c_proj", new Conv1D(config.HiddenSize, config.HiddenSize));
        _weightDropout = config.AttentionDropout;
        _dropout = AddModule("resid_dropout", new Dropout(config.ResidDropout));
    }

    /// <summary>The weight whose output joins the residual stream.</summary>
    public Parameter OutputWeight => _output.Weight;

    public Tensor Forward(Tensor hidden, in CausalMask mask, KeyValueCache? cache, List<Tensor>? weights)
    {
        var pieces = _queryKeyValue.Forward(hidden).Split(hidden.Size(-1), dim: -1);
        var (query, key, value) = (Heads(pieces[0]), Heads(pieces[1]), Heads(pieces[2]));
        if (cache is not null)
        {
            var isFirst = cache.Length == 0;
            var (keys, values) = cache.Append(_index, key, value);
            if (!isFirst) (key, value) = (keys, values); // else the same numbers, which carry gradients
        }
        var mixed = Attend(query, key, value, mask, weights);
        return _dropout.Forward(_output.Forward(mixed.Permute(0, 2, 1, 3).Reshape(hidden.Size(0), hidden.Size(1), hidden.Size(2))));
    }

    // [batch, length, hidden] → [batch, heads, length, head size]
    private Tensor Heads(Tensor piece) =>
        piece.Reshape(piece.Size(0), piece.Size(1), _heads, piece.Size(2) / _heads).Permute(0, 2, 1, 3);

    private Tensor Attend(Tensor query, Tensor key, Tensor value, in CausalMask mask, List<Tensor>? weights)
    {
        var dropout = IsTraining ? _weightDropout : 0;
        if (weights is null && !mask.HidesWholeRows)
        {
            return Tensor.ScaledDotProductAttention(
                query, key, value, mask.Padding, mask.IsCausal, _scale, alignment: CausalAlignment.End, dropout: dropout);
        }
        var (mixed, probabilities) = Tensor.Attention(
            query, key, value, mask.Padding, isCausal: mask.IsCausal, scale: _scale, dropout: dropout);
        weights?.Add(probabilities);
        return mixed;
    }
}
