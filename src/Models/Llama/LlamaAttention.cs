using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// Causal self-attention with rotary positions (https://arxiv.org/abs/2104.09864), whose heads may share keys and values
/// (https://arxiv.org/abs/2305.13245) and may be limited to a window of positions.
/// </summary>
internal sealed class LlamaAttention : Module
{
    private readonly int _index, _size;
    private readonly bool _hasWindow;
    private readonly double _dropout;
    private readonly Linear _query, _key, _value, _output;

    public LlamaAttention(LlamaFamilyConfig config, int index)
    {
        (_index, _size, _dropout, _hasWindow) = (index, config.HeadDim, config.AttentionDropout, config.WindowOf(index) is not null);
        int wide = config.NumAttentionHeads * _size, narrow = config.NumKeyValueHeads * _size;
        _query = AddModule("q_proj", new Linear(config.HiddenSize, wide, config.QueryKeyValueBias));
        _key = AddModule("k_proj", new Linear(config.HiddenSize, narrow, config.QueryKeyValueBias));
        _value = AddModule("v_proj", new Linear(config.HiddenSize, narrow, config.QueryKeyValueBias));
        _output = AddModule("o_proj", new Linear(wide, config.HiddenSize, config.AttentionOutputBias));
    }

    public Tensor Forward(Tensor hidden, in LlamaPass pass, KeyValueCache? cache, List<Tensor>? weights)
    {
        var query = Heads(_query.Forward(hidden), pass, isRotated: true);
        var key = Heads(_key.Forward(hidden), pass, isRotated: true);
        var value = Heads(_value.Forward(hidden), pass, isRotated: false);
        if (cache is not null)
        {
            var isFirst = cache.Length == 0;
            var (keys, values) = cache.Append(_index, key, value);
            if (!isFirst) (key, value) = (keys, values); // else the same numbers, which carry gradients
        }
        var mixed = Attend(query, key, value, _hasWindow ? pass.WindowMask : pass.Mask, weights);
        return _output.Forward(mixed.Permute(0, 2, 1, 3).Reshape(hidden.Size(0), hidden.Size(1), -1));
    }

    // [batch, length, hidden] → [batch, heads, length, head size]
    private Tensor Heads(Tensor piece, in LlamaPass pass, bool isRotated)
    {
        var heads = piece.Reshape(piece.Size(0), piece.Size(1), -1, _size);
        if (isRotated)
        {
            var (cos, sin) = pass.Rotary.For(pass.Length, heads.DType);
            heads = heads.Rotary(cos, sin, pass.PositionIds, unsqueezeDim: 2);
        }
        return heads.Permute(0, 2, 1, 3);
    }

    private Tensor Attend(Tensor query, Tensor key, Tensor value, in LlamaMask mask, List<Tensor>? weights)
    {
        var dropout = IsTraining ? _dropout : 0;
        if (weights is null)
        {
            return Tensor.ScaledDotProductAttention(
                query, key, value, mask.Hiding, mask.IsCausal, enableGqa: true, alignment: CausalAlignment.End, dropout: dropout);
        }
        var (mixed, probabilities) = Tensor.Attention(query, key, value, mask.Hiding, isCausal: mask.IsCausal, dropout: dropout);
        weights.Add(probabilities);
        return mixed;
    }
}
