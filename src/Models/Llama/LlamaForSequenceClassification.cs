namespace NativeTrainer.Models;

/// <summary>Llama with a head that classifies texts (Hugging Face's <c>LlamaForSequenceClassification</c>).</summary>
/// <remarks>Draws initial weights as Hugging Face does.</remarks>
public sealed class LlamaForSequenceClassification(LlamaConfig config) : LlamaFamilyForSequenceClassification(new LlamaModel(config))
{
    /// <inheritdoc/>
    public override string Architecture => "LlamaForSequenceClassification";
}
