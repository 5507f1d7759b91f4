using NativeTrainer.Models;
using NativeTrainer.Models.Tokenizers;
using NativeTrainer.Tensors;

namespace NativeTrainer.Data;

/// <summary>
/// Transformers' <c>tokenizer.pad(…, return_tensors="pt")</c>: <c>input_ids</c>, <c>attention_mask</c>, <c>token_type_ids</c> and
/// <c>special_tokens_mask</c> are padded, other columns made into tensors as they are.
/// </summary>
internal readonly record struct TokenPadding(CollatorTokens Tokens, PaddingStrategy Strategy, int? MaxLength, int? PadToMultipleOf)
{
    public const string Ids = "input_ids", Mask = "attention_mask", Types = "token_type_ids", Special = "special_tokens_mask";

    /// <summary>Pads all columns but one.</summary>
    /// <exception cref="InvalidDataException">Rows stay uneven, or lack what the first has.</exception>
    /// <exception cref="InvalidOperationException">The tokenizer has no padding token.</exception>
    public Batch Pad(IDataset dataset, ReadOnlySpan<int> rows, string? except = null)
    {
        if (!FeatureTensors.Has(dataset, rows, Ids))
            throw new InvalidDataException($"rows to be padded have {Ids}, found only {string.Join(", ", dataset.Columns)}");
        if (Strategy != PaddingStrategy.DoNotPad && Tokens.PadTokenId is null)
            throw new InvalidOperationException("rows cannot be padded: the tokenizer has no pad_token; set one, or pad with eos_token");
        var (batch, columns, width) = (new Batch(), dataset.Columns, Width(dataset, rows));
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            if (column != except && FeatureTensors.Has(dataset, rows, column)) batch.Add(column, Column(dataset, rows, column, width));
        }
        if (Tokens.ReturnsAttentionMask && !batch.TryGet(Mask, out _)) batch.Add(Mask, MaskOf(dataset, rows, (int)batch[Ids].Size(1)));
        return batch;
    }

    /// <summary>A length rounded up as <see cref="PadToMultipleOf"/> says.</summary>
    public int RoundUp(int length) => PadToMultipleOf is { } unit ? (length + unit - 1) / unit * unit : length;

    private int? Width(IDataset dataset, ReadOnlySpan<int> rows)
    {
        var length = Strategy switch
        {
            PaddingStrategy.Longest => FeatureTensors.Longest(dataset, rows, Ids),
            PaddingStrategy.MaxLength => MaxLength ?? Tokens.ModelMaxLength,
            _ => null,
        };
        return length is { } known ? RoundUp(known) : null;
    }

    private Tensor Column(IDataset dataset, ReadOnlySpan<int> rows, string column, int? width)
    {
        int? padding = column switch
        {
            Ids => Tokens.PadTokenId,
            Mask => 0,
            Types => Tokens.PadTokenTypeId,
            Special => 1,
            _ => null,
        };
        return width is { } length && padding is { } value
            ? FeatureTensors.Padded(dataset, rows, column, length, value, Tokens.PadsLeft)
            : FeatureTensors.Stack(dataset, rows, column);
    }

    private Tensor MaskOf(IDataset dataset, ReadOnlySpan<int> rows, int width)
    {
        var mask = Tensor.Zeros([rows.Length, width], DType.Int64);
        var target = mask.AsSpan<long>();
        for (var i = 0; i < rows.Length; i++)
        {
            var length = dataset[rows[i], Ids].Length;
            target.Slice(i * width + (Tokens.PadsLeft ? width - length : 0), length).Fill(1);
        }
        return mask;
    }
}
