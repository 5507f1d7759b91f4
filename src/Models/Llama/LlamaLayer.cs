using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>Attention, then an MLP, each on a normed copy of the residual stream and added to it.</summary>
internal sealed class LlamaLayer : Module
{
    private readonly LlamaAttention _attention;
    private readonly LlamaMlp _mlp;
    private readonly RmsNorm _attentionNorm, _mlpNorm;

    public LlamaLayer(LlamaFamilyConfig config, int index)
    {
        _attention = AddModule("self_attn", new LlamaAttention(config, index));
        _mlp = AddModule("mlp", new LlamaMlp(config));
        _attentionNorm = AddModule("input_layernorm", new RmsNorm(config.HiddenSize, config.RmsNormEps, config.NormsDecay));
        _mlpNorm = AddModule("post_attention_layernorm", new RmsNorm(config.HiddenSize, config.RmsNormEps, config.NormsDecay));
    }

    /// <summary>
    /// [batch, length, hidden] → the same; where <paramref name="weights"/> is given, the attention weights are added to it.
    /// </summary>
    public Tensor Forward(Tensor hidden, in LlamaPass pass, KeyValueCache? cache, List<Tensor>? weights)
    {
        hidden += _attention.Forward(_attentionNorm.Forward(hidden), pass, cache, weights);
        return hidden + _mlp.Forward(_mlpNorm.Forward(hidden));
    }
}
