namespace NativeTrainer.Models;

/// <summary>Mistral with a head that classifies texts (Hugging Face's <c>MistralForSequenceClassification</c>).</summary>
/// <remarks>Draws initial weights as Hugging Face does.</remarks>
public sealed class MistralForSequenceClassification(MistralConfig config) : LlamaFamilyForSequenceClassification(new MistralModel(config))
{
    /// <inheritdoc/>
    public override string Architecture => "MistralForSequenceClassification";
}
