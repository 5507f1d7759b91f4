using NativeTrainer.Autograd;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>
/// GPT-2 with a head that gives each text a class, several classes or numbers by its last token (Hugging Face's
/// <c>GPT2ForSequenceClassification</c>).
/// </summary>
public sealed class Gpt2ForSequenceClassification : Gpt2WithHead
{
    private readonly Linear _score;

    /// <summary>Draws initial weights as Hugging Face does.</summary>
    public Gpt2ForSequenceClassification(Gpt2Config config)
        : base(config)
    {
        _score = AddModule("score", new Linear(config.HiddenSize, config.NumLabels, bias: false));
        PostInit();
    }

    /// <inheritdoc/>
    public override string Architecture => "GPT2ForSequenceClassification";

    /// <summary>[batch, length, hidden] → [batch, labels].</summary>
    private protected override Tensor Logits(Tensor hidden, Tensor? inputIds) =>
        _score.Forward(LastTokens.Of(hidden, inputIds, Config));

    private protected override Tensor Loss(Tensor logits, Tensor labels) => SequenceClassificationLoss.Of(logits, labels, Config);
}
