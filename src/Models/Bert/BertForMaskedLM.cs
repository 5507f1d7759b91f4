using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>BERT with a head that says which token each masked one was (Hugging Face's <c>BertForMaskedLM</c>).</summary>
public sealed class BertForMaskedLM : BertWithHead
{
    private readonly BertPredictions _predictions;

    /// <summary>Draws initial weights as Hugging Face does.</summary>
    public BertForMaskedLM(BertConfig config)
        : base(config, addPoolingLayer: false)
    {
        _predictions = AddModule("cls", new BertHead(config)).Predictions;
        PostInit();
        GenerationConfig = GenerationConfig.FromModelConfig(config); // which Hugging Face writes for this model too
    }

    /// <inheritdoc/>
    public override string Architecture => "BertForMaskedLM";

    /// <inheritdoc/>
    public override Linear OutputEmbeddings => _predictions.Decoder;

    /// <inheritdoc/>
    public override void TieWeights()
    {
        if (Config.TieWordEmbeddings) _predictions.Decoder.TieWeight(InputEmbeddings.Weight);
    }

    /// <summary>[batch, length, hidden] → [batch, length, vocabulary].</summary>
    private protected override Tensor Logits(Tensor hidden) => _predictions.Forward(hidden);

    private protected override Tensor Loss(Tensor logits, Tensor labels) => TokenLoss.Of(logits, labels);

    private sealed class BertHead : Module
    {
        public BertHead(BertConfig config) => Predictions = AddModule("predictions", new BertPredictions(config));

        public BertPredictions Predictions { get; }
    }
}

/// <summary>A projection, a nonlinearity and a norm, then a score for each token of the vocabulary.</summary>
internal sealed class BertPredictions : Module
{
    private readonly BertTransform _transform;

    public BertPredictions(BertConfig config)
    {
        var bias = AddParameter("bias", [config.VocabSize]);
        Init.Constant(bias, 0);
        _transform = AddModule("transform", new BertTransform(config));
        Decoder = AddModule("decoder", new Linear(config.HiddenSize, config.VocabSize, bias: false));
        Decoder.TieBias(bias);
    }

    public Linear Decoder { get; }

    public Tensor Forward(Tensor hidden) => Decoder.Forward(_transform.Forward(hidden));
}

internal sealed class BertTransform : Module
{
    private readonly Linear _dense;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly LayerNorm _norm;

    public BertTransform(BertConfig config)
    {
        _dense = AddModule("dense", new Linear(config.HiddenSize, config.HiddenSize));
        _activation = Activations.Named(config.HiddenActivation);
        _norm = AddModule("LayerNorm", new LayerNorm(config.HiddenSize, config.LayerNormEpsilon));
    }

    public Tensor Forward(Tensor hidden) => _norm.Forward(_activation(_dense.Forward(hidden)));
}
