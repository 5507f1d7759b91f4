namespace NativeTrainer.Models;

/// <summary>Qwen2 with a head that predicts the next token (Hugging Face's <c>Qwen2ForCausalLM</c>).</summary>
/// <remarks>Draws initial weights as Hugging Face does.</remarks>
/// <example><code>
/// var model = new Qwen2ForCausalLM(Qwen2Config.FromPretrained("folder"));
/// model.LoadWeights("folder");
/// var output = model.Forward(ids, labels: ids);
/// output.Loss!.Value.Backward();
/// </code></example>
public sealed class Qwen2ForCausalLM(Qwen2Config config) : LlamaFamilyForCausalLM(new Qwen2Model(config))
{
    /// <inheritdoc/>
    public override string Architecture => "Qwen2ForCausalLM";
}
