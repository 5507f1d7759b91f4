using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Tensors;

namespace NativeTrainer.Data;

/// <summary>
/// Pads inputs and, to their own longest, <c>labels</c>; makes <c>decoder_input_ids</c> of the padded labels where the model says how.
/// </summary>
/// <param name="tokens">Padding token and side, of the labels too.</param>
/// <param name="prepareDecoderInputIdsFromLabels">What the model's decoder reads to write the labels: the model's method of this name;
/// null: the model makes them itself.</param>
public sealed class DataCollatorForSeq2Seq(CollatorTokens tokens, Func<Tensor, Tensor>? prepareDecoderInputIdsFromLabels = null) : Collator
{
    private const string Labels = "labels";

    /// <summary>Pads as a tokenizer does.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="prepareDecoderInputIdsFromLabels">The model's method of this name, or null.</param>
    public DataCollatorForSeq2Seq(ITokenizer tokenizer, Func<Tensor, Tensor>? prepareDecoderInputIdsFromLabels = null)
        : this(CollatorTokens.Of(tokenizer), prepareDecoderInputIdsFromLabels)
    {
    }

    /// <summary>How far inputs are padded.</summary>
    public PaddingStrategy Padding { get; init; }

    /// <summary>The length for <see cref="PaddingStrategy.MaxLength"/>; labels keep their own.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Rounds the length up, of labels too; null: not at all.</summary>
    public int? PadToMultipleOf { get; init; }

    /// <summary>What pads labels; the loss leaves -100 out.</summary>
    public int LabelPadTokenId { get; init; } = -100;

    /// <inheritdoc/>
    public override Batch Collate(IDataset dataset, ReadOnlySpan<int> rows)
    {
        var padding = new TokenPadding(tokens, Padding, MaxLength, PadToMultipleOf);
        var batch = padding.Pad(dataset, rows, except: Labels);
        if (!FeatureTensors.Has(dataset, rows, Labels)) return batch;
        var width = padding.RoundUp(FeatureTensors.Longest(dataset, rows, Labels));
        var labels = FeatureTensors.Padded(dataset, rows, Labels, width, LabelPadTokenId, tokens.PadsLeft);
        batch.Add(Labels, labels);
        if (prepareDecoderInputIdsFromLabels is { } prepare) batch.Add("decoder_input_ids", prepare(labels));
        return batch;
    }
}
