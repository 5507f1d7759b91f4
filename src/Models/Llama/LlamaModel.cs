namespace NativeTrainer.Models;

/// <summary>Llama without a head: token embedding, layers, final norm (Hugging Face's <c>LlamaModel</c>).</summary>
/// <remarks>Draws initial weights as Hugging Face does.</remarks>
public sealed class LlamaModel(LlamaConfig config) : LlamaFamilyModel(config)
{
    /// <inheritdoc/>
    public override string Architecture => "LlamaModel";
}
