using NativeTrainer.Autograd;

namespace NativeTrainer.Models;

/// <summary>What models of Llama's family with and without a head have in common: initial weights and names.</summary>
public abstract class LlamaFamilyPreTrainedModel : PreTrainedModel
{
    private protected LlamaFamilyPreTrainedModel(LlamaFamilyConfig config)
        : base(config) => Config = config;

    /// <summary>What the model was made from.</summary>
    public new LlamaFamilyConfig Config { get; }

    /// <inheritdoc/>
    public override string BaseModelPrefix => "model";

    /// <inheritdoc/>
    protected override bool SupportsGradientCheckpointing => true;

    /// <inheritdoc/>
    protected override void InitWeights(Module module)
    {
        switch (module)
        {
            case Linear linear:
                Init.Normal(linear.Weight, 0, Config.InitializerRange);
                if (linear.Bias is { } bias) Init.Constant(bias, 0);
                break;
            case Embedding embedding:
                Init.Normal(embedding.Weight, 0, Config.InitializerRange);
                embedding.ZeroPaddingRow();
                break;
        }
    }

    /// <inheritdoc/>
    protected override bool IsBuffer(string name) => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);
}
