using NativeTrainer.Tensors;

namespace NativeTrainer.Models;

/// <summary>What a forward pass of BERT takes; null where it is not given.</summary>
public readonly record struct BertInputs
{
    /// <summary>[batch, length] of int64 or int32.</summary>
    public Tensor? InputIds { get; init; }

    /// <summary>[batch, length], 1 for tokens and 0 for padding, or [batch, length, length]; all tokens where null.</summary>
    public Tensor? AttentionMask { get; init; }

    /// <summary>[batch, length]: which segment each token belongs to; all to 0 where null.</summary>
    public Tensor? TokenTypeIds { get; init; }

    /// <summary>[batch or 1, length]; from 0 on where null, padding counted.</summary>
    public Tensor? PositionIds { get; init; }

    /// <summary>[batch, length, hidden] in place of <see cref="InputIds"/>.</summary>
    public Tensor? InputsEmbeds { get; init; }

    /// <summary>Return all hidden states; as the configuration says where null.</summary>
    public bool? OutputHiddenStates { get; init; }

    /// <summary>Return the attention weights; as the configuration says where null.</summary>
    public bool? OutputAttentions { get; init; }

    internal static BertInputs From(Batch batch) => new()
    {
        InputIds = batch.Find("input_ids"),
        AttentionMask = batch.Find("attention_mask"),
        TokenTypeIds = batch.Find("token_type_ids"),
        PositionIds = batch.Find("position_ids"),
        InputsEmbeds = batch.Find("inputs_embeds"),
    };

    /// <summary>Where hidden states and attention weights go; null where nobody wants them.</summary>
    internal (List<Tensor>? States, List<Tensor>? Weights) Lists(BertConfig config) =>
        (OutputHiddenStates ?? config.OutputHiddenStates ? [] : null, OutputAttentions ?? config.OutputAttentions ? [] : null);
}
