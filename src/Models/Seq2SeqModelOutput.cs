using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>What a forward pass of a model with an encoder and a decoder gives.</summary>
public sealed class Seq2SeqModelOutput : ModelOutput
{
    /// <summary>As <see cref="ModelOutput.HiddenStates"/>, of the decoder.</summary>
    public IReadOnlyList<Tensor>? DecoderHiddenStates { get; init; }

    /// <summary>As <see cref="ModelOutput.Attentions"/>, of the decoder's positions to each other.</summary>
    public IReadOnlyList<Tensor>? DecoderAttentions { get; init; }

    /// <summary>As <see cref="ModelOutput.Attentions"/>, of the decoder's positions to the encoder's.</summary>
    public IReadOnlyList<Tensor>? CrossAttentions { get; init; }

    /// <summary>[batch, length, hidden]: what the decoder looks at.</summary>
    public Tensor EncoderLastHiddenState { get; init; }

    /// <summary>As <see cref="ModelOutput.HiddenStates"/>, of the encoder; null where its states were given.</summary>
    public IReadOnlyList<Tensor>? EncoderHiddenStates { get; init; }

    /// <summary>As <see cref="ModelOutput.Attentions"/>, of the encoder; null where its states were given.</summary>
    public IReadOnlyList<Tensor>? EncoderAttentions { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Tensor)> Items()
    {
        if (Loss is { } loss) yield return ("loss", loss);
        if (HasLogits) yield return ("logits", Logits);
        if (LastHiddenState is { } last) yield return ("last_hidden_state", last);
        for (var layer = 0; layer < (PastKeyValues?.LayerCount ?? 0); layer++)
        {
            yield return ("past_key_values", PastKeyValues!.Keys(layer));
            yield return ("past_key_values", PastKeyValues.Values(layer));
            yield return ("past_key_values", PastKeyValues.CrossAttention.Keys(layer));
            yield return ("past_key_values", PastKeyValues.CrossAttention.Values(layer));
        }
        foreach (var state in DecoderHiddenStates ?? []) yield return ("decoder_hidden_states", state);
        foreach (var weights in DecoderAttentions ?? []) yield return ("decoder_attentions", weights);
        foreach (var weights in CrossAttentions ?? []) yield return ("cross_attentions", weights);
        yield return ("encoder_last_hidden_state", EncoderLastHiddenState);
        foreach (var state in EncoderHiddenStates ?? []) yield return ("encoder_hidden_states", state);
        foreach (var weights in EncoderAttentions ?? []) yield return ("encoder_attentions", weights);
    }
}
