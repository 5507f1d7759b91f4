namespace NativeTrainer.Models;

/// <summary>Qwen2 with a head that classifies texts (Hugging Face's <c>Qwen2ForSequenceClassification</c>).</summary>
/// <remarks>Draws initial weights as Hugging Face does.</remarks>
public sealed class Qwen2ForSequenceClassification(Qwen2Config config) : LlamaFamilyForSequenceClassification(new Qwen2Model(config))
{
    /// <inheritdoc/>
    public override string Architecture => "Qwen2ForSequenceClassification";
}
