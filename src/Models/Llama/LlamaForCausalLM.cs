namespace NativeTrainer.Models;

/// <summary>Llama with a head that predicts the next token (Hugging Face's <c>LlamaForCausalLM</c>).</summary>
/// <remarks>Draws initial weights as Hugging Face does.</remarks>
/// <example><code>
/// var model = new LlamaForCausalLM(LlamaConfig.FromPretrained("folder"));
/// model.LoadWeights("folder");
/// var output = model.Forward(ids, labels: ids);
/// output.Loss!.Value.Backward();
/// </code></example>
public sealed class LlamaForCausalLM(LlamaConfig config) : LlamaFamilyForCausalLM(new LlamaModel(config))
{
    /// <inheritdoc/>
    public override string Architecture => "LlamaForCausalLM";
}
