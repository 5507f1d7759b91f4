using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Data;

/// <summary>Pads rows whose every token has a label: <c>labels</c>, or <c>label</c>, whose name then stays.</summary>
/// <param name="tokens">Padding token and side.</param>
public sealed class DataCollatorForTokenClassification(CollatorTokens tokens) : Collator
{
    /// <summary>Pads as a tokenizer does.</summary>
    public DataCollatorForTokenClassification(ITokenizer tokenizer)
        : this(CollatorTokens.Of(tokenizer))
    {
    }

    /// <summary>How far rows are padded.</summary>
    public PaddingStrategy Padding { get; init; }

    /// <summary>The length for <see cref="PaddingStrategy.MaxLength"/>.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Rounds the length up; null: not at all.</summary>
    public int? PadToMultipleOf { get; init; }

    /// <summary>What pads labels; the loss leaves -100 out.</summary>
    public int LabelPadTokenId { get; init; } = -100;

    /// <inheritdoc/>
    public override Batch Collate(IDataset dataset, ReadOnlySpan<int> rows)
    {
        var labels = FeatureTensors.Has(dataset, rows, "label") ? "label" : "labels";
        var batch = new TokenPadding(tokens, Padding, MaxLength, PadToMultipleOf).Pad(dataset, rows, except: labels);
        if (!FeatureTensors.Has(dataset, rows, labels)) return batch;
        var width = (int)batch[TokenPadding.Ids].Size(1);
        batch.Add(labels, FeatureTensors.Padded(dataset, rows, labels, width, LabelPadTokenId, tokens.PadsLeft));
        return batch;
    }
}
