using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// BERT with a head that gives each text a class, several classes or numbers, as <c>problem_type</c> says (Hugging Face's
/// <c>BertForSequenceClassification</c>).
/// </summary>
public sealed class BertForSequenceClassification : BertWithHead
{
    private readonly Dropout _dropout;
    private readonly Linear _classifier;

    /// <summary>Draws initial weights as Hugging Face does.</summary>
    public BertForSequenceClassification(BertConfig config)
        : base(config, addPoolingLayer: true)
    {
        _dropout = AddModule("dropout", new Dropout(config.ClassifierDropout));
        _classifier = AddModule("classifier", new Linear(config.HiddenSize, config.NumLabels));
        PostInit();
    }

    /// <inheritdoc/>
    public override string Architecture => "BertForSequenceClassification";

    /// <summary>[batch, length, hidden] → [batch, labels].</summary>
    private protected override Tensor Logits(Tensor hidden) => _classifier.Forward(_dropout.Forward(Bert.Pool(hidden)));

    private protected override Tensor Loss(Tensor logits, Tensor labels) => SequenceClassificationLoss.Of(logits, labels, Config);
}
