using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>BERT with a head that gives each token a class (Hugging Face's <c>BertForTokenClassification</c>).</summary>
public sealed class BertForTokenClassification : BertWithHead
{
    private readonly Dropout _dropout;
    private readonly Linear _classifier;

    /// <summary>Draws initial weights as Hugging Face does.</summary>
    public BertForTokenClassification(BertConfig config)
        : base(config, addPoolingLayer: false)
    {
        _dropout = AddModule("dropout", new Dropout(config.ClassifierDropout));
        _classifier = AddModule("classifier", new Linear(config.HiddenSize, config.NumLabels));
        PostInit();
    }

    /// <inheritdoc/>
    public override string Architecture => "BertForTokenClassification";

    /// <summary>[batch, length, hidden] → [batch, length, labels].</summary>
    private protected override Tensor Logits(Tensor hidden) => _classifier.Forward(_dropout.Forward(hidden));

    private protected override Tensor Loss(Tensor logits, Tensor labels) => TokenLoss.Of(logits, labels);
}
