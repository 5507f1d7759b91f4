using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Attention, then an MLP, each on a normed copy of the residual stream and added to it.</summary>
internal sealed class Gpt2Block : Module
{
    private readonly LayerNorm _attentionNorm, _mlpNorm;
    private readonly Gpt2Attention _attention;
    private readonly Gpt2Mlp _mlp;

    public Gpt2Block(Gpt2Config config, int index)
    {
        _attentionNorm = AddModule("ln_1", new LayerNorm(config.HiddenSize, config.LayerNormEpsilon));
        _attention = AddModule("attn", new Gpt2Attention(config, index));
        _mlpNorm = AddModule("ln_2", new LayerNorm(config.HiddenSize, config.LayerNormEpsilon));
        _mlp = AddModule("mlp", new Gpt2Mlp(config));
    }

    /// <summary>
    /// [batch, length, hidden] → the same; where <paramref name="weights"/> is given, the attention weights are added to it.
    /// </summary>
    public Tensor Forward(Tensor hidden, in CausalMask mask, KeyValueCache? cache, List<Tensor>? weights)
    {
        var input = hidden;
        hidden = _attention.Forward(_attentionNorm.Forward(hidden), mask, cache, weights) + hidden;
        return Hooked(input, hidden + _mlp.Forward(_mlpNorm.Forward(hidden)));
    }
}
