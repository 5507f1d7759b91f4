using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Data;

/// <summary>
/// Pads what the tokenizer makes (ids, mask, types) and leaves other columns as they are; <c>label</c> or <c>label_ids</c> (which wins)
/// becomes <c>labels</c>. Transformers' collator for classification.
/// </summary>
/// <param name="tokens">Padding token and side.</param>
public sealed class DataCollatorWithPadding(CollatorTokens tokens) : Collator
{
    /// <summary>Pads as a tokenizer does.</summary>
    public DataCollatorWithPadding(ITokenizer tokenizer)
        : this(CollatorTokens.Of(tokenizer))
    {
    }

    /// <summary>How far rows are padded.</summary>
    public PaddingStrategy Padding { get; init; }

    /// <summary>The length for <see cref="PaddingStrategy.MaxLength"/>; longer rows are not cut.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Rounds the length up; null: not at all.</summary>
    public int? PadToMultipleOf { get; init; }

    /// <inheritdoc/>
    public override Batch Collate(IDataset dataset, ReadOnlySpan<int> rows)
    {
        var batch = new TokenPadding(tokens, Padding, MaxLength, PadToMultipleOf).Pad(dataset, rows);
        if (batch.TryGet("label", out var label)) (batch = batch.Without("label"))["labels"] = label;
        if (batch.TryGet("label_ids", out var ids)) (batch = batch.Without("label_ids"))["labels"] = ids;
        return batch;
    }
}
