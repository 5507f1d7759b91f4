namespace NativeTrainer.Models;

/// <summary>Mistral with a head that predicts the next token (Hugging Face's <c>MistralForCausalLM</c>).</summary>
/// <remarks>Draws initial weights as Hugging Face does.</remarks>
/// <example><code>
/// var model = new MistralForCausalLM(MistralConfig.FromPretrained("folder"));
/// model.LoadWeights("folder");
/// var output = model.Forward(ids, labels: ids);
/// output.Loss!.Value.Backward();
/// </code></example>
public sealed class MistralForCausalLM(MistralConfig config) : LlamaFamilyForCausalLM(new MistralModel(config))
{
    /// <inheritdoc/>
    public override string Architecture => "MistralForCausalLM";
}
