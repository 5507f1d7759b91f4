namespace NativeTrainer.Models;

/// <summary>Qwen2 without a head: token embedding, layers, final norm (Hugging Face's <c>Qwen2Model</c>).</summary>
/// <remarks>Draws initial weights as Hugging Face does.</remarks>
public sealed class Qwen2Model(Qwen2Config config) : LlamaFamilyModel(config)
{
    /// <inheritdoc/>
    public override string Architecture => "Qwen2Model";
}
