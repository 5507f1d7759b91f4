using NativeTrainer.Autograd;

namespace NativeTrainer.Models;

/// <summary>What BERT models with and without a head have in common: initial weights and names.</summary>
public abstract class BertPreTrainedModel : PreTrainedModel
{
    private static readonly string[] Buffers = ["embeddings.position_ids", "embeddings.token_type_ids"];

    private protected BertPreTrainedModel(BertConfig config)
        : base(config) => Config = config;

    /// <summary>What the model was made from.</summary>
    public new BertConfig Config { get; }

    /// <inheritdoc/>
    protected override bool SupportsGradientCheckpointing => true;

    /// <inheritdoc/>
    public override string BaseModelPrefix => "bert";

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
            case LayerNorm norm:
                Init.Constant(norm.Bias, 0);
                Init.Constant(norm.Weight, 1);
                break;
        }
    }

    /// <inheritdoc/>
    protected override bool IsBuffer(string name) => Buffers.Any(end => name.EndsWith(end, StringComparison.Ordinal));
}
