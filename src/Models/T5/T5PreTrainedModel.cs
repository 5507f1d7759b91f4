using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>What T5 models with and without a head have in common: initial weights, names, how labels become the decoder's input.</summary>
public abstract class T5PreTrainedModel : PreTrainedModel
{
    // Saved by early versions, used by none.
    private const string CrossPositions = "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight";

    private protected T5PreTrainedModel(T5Config config)
        : base(config) => Config = config;

    /// <summary>What the model was made from.</summary>
    public new T5Config Config { get; }

    /// <inheritdoc/>
    protected override bool SupportsGradientCheckpointing => true;

    /// <inheritdoc/>
    public override string BaseModelPrefix => "transformer";

    /// <inheritdoc/>
    protected override void InitWeights(Module module)
    {
        switch (module)
        {
            case RmsNorm norm: Init.Constant(norm.Weight, Config.InitializerFactor); break;
            case T5Attention attention: attention.Draw(Config); break;
            case T5Dense dense: dense.Draw(Config); break;
            case T5ForConditionalGeneration model:
                Init.Normal(model.InputEmbeddings.Weight, 0, Config.InitializerFactor);
                if (!Config.TieWordEmbeddings) Init.Normal(model.OutputEmbeddings.Weight, 0, Config.InitializerFactor);
                break;
            case T5Model or T5EncoderModel:
                Init.Normal(((T5PreTrainedModel)module).InputEmbeddings.Weight, 0, Config.InitializerFactor);
                break;
        }
    }

    /// <inheritdoc/>
    protected override bool IsBuffer(string name) => name == CrossPositions;

    /// <summary>
    /// Labels [batch, length] one place to the right behind the start token, -100 as padding: what the decoder reads while it learns to
    /// write them.
    /// </summary>
    /// <exception cref="InvalidOperationException">The configuration lacks <c>decoder_start_token_id</c> or
    /// <c>pad_token_id</c>.</exception>
    private protected Tensor ShiftRight(Tensor labels)
    {
        if (labels.Rank != 2 || labels.DType.IsFloatingPoint)
        {
            throw new ArgumentException($"labels are whole numbers [batch, length], found {labels}", nameof(labels));
        }
        var start = Config.DecoderStartTokenId ?? throw Missing("decoder_start_token_id");
        var padding = Config.PadTokenId ?? throw Missing("pad_token_id");
        var shifted = Tensor.Empty(labels.Shape, DType.Int64);
        var given = Tensor.Empty(labels.Shape, DType.Int64);
        Kernels.Backend.For(given).Copy(labels, given);
        Span<long> from = given.AsSpan<long>(), to = shifted.AsSpan<long>();
        var length = (int)labels.Size(1);
        for (var i = 0; i < to.Length; i++) to[i] = i % length == 0 ? start : from[i - 1] == -100 ? padding : from[i - 1];
        return shifted;
    }

    private InvalidOperationException Missing(string field) =>
        new($"{Architecture} makes decoder_input_ids from labels, for which its configuration needs {field}: set it in config.json");
}
