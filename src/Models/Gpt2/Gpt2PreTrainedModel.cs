using NativeTrainer.Autograd;

namespace NativeTrainer.Models;

/// <summary>What GPT-2 models with and without a head have in common: initial weights and names.</summary>
public abstract class Gpt2PreTrainedModel : PreTrainedModel
{
    private static readonly string[] CausalMasks = [".attn.bias", ".attn.masked_bias"];

    private protected Gpt2PreTrainedModel(Gpt2Config config)
        : base(config) => Config = config;

    /// <summary>What the model was made from.</summary>
    public new Gpt2Config Config { get; }

    /// <inheritdoc/>
    protected override bool SupportsGradientCheckpointing => true;

    /// <inheritdoc/>
    public override string BaseModelPrefix => "transformer";

    /// <inheritdoc/>
    protected override void InitWeights(Module module)
    {
        var std = Config.InitializerRange;
        switch (module)
        {
            case Linear linear: Draw(linear.Weight, linear.Bias); break;
            case Conv1D conv: Draw(conv.Weight, conv.Bias); break;
            case Embedding embedding: Init.Normal(embedding.Weight, 0, std); break;
            case LayerNorm norm:
                Init.Constant(norm.Bias, 0);
                Init.Constant(norm.Weight, 1);
                break;

            // What is added to the residual stream is drawn smaller, by the number of additions (GPT-2's paper, section 2.3).
            case Gpt2Attention attention: Init.Normal(attention.OutputWeight, 0, std / Math.Sqrt(2 * Config.NumHiddenLayers)); break;
            case Gpt2Mlp mlp: Init.Normal(mlp.OutputWeight, 0, std / Math.Sqrt(2 * Config.NumHiddenLayers)); break;
        }

        void Draw(Parameter weight, Parameter? bias)
        {
            Init.Normal(weight, 0, std);
            if (bias is not null) Init.Constant(bias, 0);
        }
    }

    /// <inheritdoc/>
    protected override bool IsBuffer(string name) => CausalMasks.Any(end => name.EndsWith(end, StringComparison.Ordinal));
}
