namespace NativeTrainer.Models;

/// <summary>Mistral without a head: token embedding, layers, final norm (Hugging Face's <c>MistralModel</c>).</summary>
/// <remarks>Draws initial weights as Hugging Face does.</remarks>
public sealed class MistralModel(MistralConfig config) : LlamaFamilyModel(config)
{
    /// <inheritdoc/>
    public override string Architecture => "MistralModel";
}
