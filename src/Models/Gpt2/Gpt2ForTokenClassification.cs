using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>GPT-2 with a head that gives each token a class (Hugging Face's <c>GPT2ForTokenClassification</c>).</summary>
public sealed class Gpt2ForTokenClassification : Gpt2WithHead
{
    private readonly Dropout _dropout;
    private readonly Linear _classifier;

    /// <summary>Draws initial weights as Hugging Face does.</summary>
    public Gpt2ForTokenClassification(Gpt2Config config)
        : base(config)
    {
        _dropout = AddModule("dropout", new Dropout(config.ClassifierDropout));
        _classifier = AddModule("classifier", new Linear(config.HiddenSize, config.NumLabels));
        PostInit();
    }

    /// <inheritdoc/>
    public override string Architecture => "GPT2ForTokenClassification";

    /// <summary>[batch, length, hidden] → [batch, length, labels].</summary>
    private protected override Tensor Logits(Tensor hidden, Tensor? inputIds) => _classifier.Forward(_dropout.Forward(hidden));

    private protected override Tensor Loss(Tensor logits, Tensor labels) => TokenLoss.Of(logits, labels);
}
