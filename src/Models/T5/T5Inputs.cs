using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>What a forward pass of T5 takes; null where it is not given.</summary>
public sealed record T5Inputs
{
    /// <summary>[batch, length] of int64 or int32: what the encoder reads.</summary>
    public Tensor? InputIds { get; init; }

    /// <summary>[batch, length], 1 for tokens and 0 for padding, or [batch, length, length]; all tokens where null.</summary>
    public Tensor? AttentionMask { get; init; }

    /// <summary>[batch, length, features] in place of <see cref="InputIds"/>.</summary>
    public Tensor? InputsEmbeds { get; init; }

    /// <summary>[batch, length, features]: the encoder's last states of an earlier pass, so that it does not run again.</summary>
    public Tensor? EncoderStates { get; init; }

    /// <summary>[batch, new positions]: what the decoder has written so far, or what is new where the cache has the rest.</summary>
    public Tensor? DecoderInputIds { get; init; }

    /// <summary>[batch, past + new positions], as <see cref="AttentionMask"/>.</summary>
    public Tensor? DecoderAttentionMask { get; init; }

    /// <summary>[batch, new positions, features] in place of <see cref="DecoderInputIds"/>.</summary>
    public Tensor? DecoderInputsEmbeds { get; init; }

    /// <summary>[batch, positions]: what the decoder is to write, -100 where it does not count. Without the decoder's input they become it,
    /// one place to the right behind <c>decoder_start_token_id</c>.</summary>
    public Tensor? Labels { get; init; }

    /// <summary>Positions that the decoder has already seen; the new ones are added.</summary>
    public KeyValueCache? PastKeyValues { get; init; }

    /// <summary>Return keys and values (in a new cache where none is given).</summary>
    public bool UseCache { get; init; }

    /// <summary>Return all hidden states; as the configuration says where null.</summary>
    public bool? OutputHiddenStates { get; init; }

    /// <summary>Return the attention weights; as the configuration says where null.</summary>
    public bool? OutputAttentions { get; init; }

    internal static T5Inputs From(Batch batch) => new()
    {
        InputIds = batch.Find("input_ids"),
        AttentionMask = batch.Find("attention_mask"),
        InputsEmbeds = batch.Find("inputs_embeds"),
        DecoderInputIds = batch.Find("decoder_input_ids"),
        DecoderAttentionMask = batch.Find("decoder_attention_mask"),
        DecoderInputsEmbeds = batch.Find("decoder_inputs_embeds"),
        Labels = batch.Find("labels"),
    };
}
