namespace NativeTrainer.Models;

/// <summary>
/// T5 without a head: encoder and decoder (Raffel et al., https://arxiv.org/abs/1910.10683; Hugging Face's <c>T5Model</c>).
/// </summary>
public sealed class T5Model : T5EncoderDecoder
{
    /// <summary>Draws initial weights as Hugging Face does.</summary>
    public T5Model(T5Config config)
        : base(config) => PostInit();

    /// <inheritdoc/>
    public override string Architecture => "T5Model";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ForwardArguments { get; } =
        ["input_ids", "attention_mask", "decoder_input_ids", "decoder_attention_mask", "inputs_embeds", "decoder_inputs_embeds"];
}
