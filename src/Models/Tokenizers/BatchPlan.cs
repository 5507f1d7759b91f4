namespace NativeTrainer.Models.Tokenizers;

/// <summary>What <see cref="EncodingOptions"/> come to for one tokenizer: Hugging Face's rules for lengths that are not told.</summary>
internal sealed record BatchPlan
{
    private TruncationStrategy _truncation;
    private PaddingStrategy _padding;
    private int? _maxLength;
    private int _stride;
    private int? _padToMultipleOf;
    private bool _padsLeft, _truncatesLeft;

    public bool AddsSpecialTokens { get; private init; }

    public bool ReturnsOverflow { get; private init; }

    /// <exception cref="ArgumentException">Options contradict each other, or the tokenizer has no padding token.</exception>
    public static BatchPlan Make(ITokenizer tokenizer, EncodingOptions options)
    {
        if (options.MaxLength < 1) throw new ArgumentException($"max_length is {options.MaxLength}, expected 1 or more");
        if (options.Stride < 0) throw new ArgumentException($"stride is {options.Stride}, expected 0 or more");
        if (options.PadToMultipleOf < 1) throw new ArgumentException($"pad_to_multiple_of is {options.PadToMultipleOf}, expected 1 or more");
        var (padding, maxLength) = (options.Padding, options.MaxLength);
        var truncation = options.Truncation ?? (maxLength is not null && padding == PaddingStrategy.DoNotPad
            ? TruncationStrategy.LongestFirst
            : TruncationStrategy.DoNotTruncate);
        if (maxLength is null && padding == PaddingStrategy.MaxLength)
        {
            if (tokenizer.ModelMaxLength is null) padding = PaddingStrategy.DoNotPad;
            else maxLength = tokenizer.ModelMaxLength;
        }
        if (maxLength is null && truncation != TruncationStrategy.DoNotTruncate)
        {
            if (tokenizer.ModelMaxLength is null) truncation = TruncationStrategy.DoNotTruncate;
            else maxLength = tokenizer.ModelMaxLength;
        }
        if (padding != PaddingStrategy.DoNotPad && tokenizer.SpecialTokens.Pad is null)
            throw new ArgumentException("padding needs a padding token, and the tokenizer has none: add a pad_token to its tokenizer_config.json");
        if (padding != PaddingStrategy.DoNotPad && truncation != TruncationStrategy.DoNotTruncate && options.PadToMultipleOf is { } multiple
            && maxLength % multiple != 0)
        {
            throw new ArgumentException(
                $"max_length is {maxLength}, expected a multiple of pad_to_multiple_of, {multiple}, where texts are padded and truncated");
        }
        return new()
        {
            AddsSpecialTokens = options.AddSpecialTokens,
            ReturnsOverflow = options.ReturnOverflowingTokens,
            _truncation = truncation,
            _padding = padding,
            _maxLength = maxLength,
            _stride = options.Stride,
            _padToMultipleOf = options.PadToMultipleOf,
            _padsLeft = IsLeft("padding_side", options.PaddingSide ?? tokenizer.PaddingSide),
            _truncatesLeft = IsLeft("truncation_side", options.TruncationSide ?? tokenizer.TruncationSide),
        };
    }

    /// <summary>Whether a side is the left one.</summary>
    public static bool IsLeft(string name, string side) => side switch
    {
        "left" => true,
        "right" => false,
        _ => throw new ArgumentException($"{name} is \"{side}\", expected \"left\" or \"right\""),
    };

    /// <summary>Cuts the texts so that they and the added tokens are no longer than the limit.</summary>
    /// <exception cref="ArgumentException">The text to cut is too short, or the limit leaves no room.</exception>
    public void Truncate(List<TextEncoding> texts, int addedTokens)
    {
        if (_truncation == TruncationStrategy.DoNotTruncate) return;
        var limit = _maxLength!.Value - addedTokens;
        if (limit < 0) throw new ArgumentException($"max_length is {_maxLength}, expected {addedTokens} or more: the tokens around a text");
        if (limit < _stride)
            throw new ArgumentException($"stride is {_stride}, expected at most {limit}: max_length {_maxLength} less {addedTokens} special tokens");
        if (limit == 0)
        {
            foreach (var text in texts) text.Truncate(0, _stride, _truncatesLeft);
            return;
        }
        var excess = texts.Sum(text => text.Length) - limit;
        if (excess <= 0) return;
        if (_truncation == TruncationStrategy.LongestFirst)
        {
            if (texts.Count == 1) texts[0].Truncate(limit, _stride, _truncatesLeft);
            else TruncateBoth(texts[0], texts[1], limit);
            return;
        }
        var index = _truncation == TruncationStrategy.OnlyFirst ? 0 : 1;
        if (index >= texts.Count) throw new ArgumentException("truncation is only_second, expected pairs of texts");
        var target = texts[index];
        if (target.Length <= excess)
        {
            throw new ArgumentException($"truncation is {(index == 0 ? "only_first" : "only_second")}, but that text has {target.Length} tokens"
                + $" and {excess} are too many: use longest_first or a max_length above {_maxLength}");
        }
        target.Truncate(target.Length - excess, _stride, _truncatesLeft);
    }

    /// <summary>Pads the rows and their overflowing parts.</summary>
    public void Pad(TextEncoding[] rows, SpecialToken? token, int typeId)
    {
        if (_padding == PaddingStrategy.DoNotPad || rows.Length == 0) return;
        var length = _padding == PaddingStrategy.MaxLength ? _maxLength!.Value : rows.Max(row => row.Length);
        if (_padToMultipleOf is { } multiple) length = (length + multiple - 1) / multiple * multiple;
        foreach (var row in rows) row.Pad(length, token!.Value, typeId, _padsLeft);
    }

    // The shorter text stays if the longer can give enough; else both get half, the longer the odd one.
    private void TruncateBoth(TextEncoding first, TextEncoding second, int limit)
    {
        var shorter = Math.Min(first.Length, second.Length);
        var longer = shorter > limit ? shorter : Math.Max(shorter, limit - shorter);
        if (shorter + longer > limit)
        {
            shorter = limit / 2;
            longer = shorter + limit % 2;
        }
        var firstIsLonger = first.Length > second.Length;
        first.Truncate(firstIsLonger ? longer : shorter, _stride, _truncatesLeft);
        second.Truncate(firstIsLonger ? shorter : longer, _stride, _truncatesLeft);
    }
}
