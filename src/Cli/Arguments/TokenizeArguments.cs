namespace NativeTrainer.Cli.Arguments;

/// <summary>Which texts are tokenized, and how: the names of the arguments of Hugging Face's <c>tokenizer(...)</c>.</summary>
internal sealed class TokenizeArguments : IArgumentGroup
{
    private const string Category = "tokenize";

    private static readonly ArgumentTable<TokenizeArguments> Table = new(new())
    {
        { "tokenizer_name", Category, a => a.TokenizerName, (a, v) => a.TokenizerName = v, "Folder with the tokenizer.", true },
        { "text_file", Category, a => a.TextFile, (a, v) => a.TextFile = v,
          "Texts: .jsonl, .csv, .parquet ... with columns, or .txt with a text a line.", true },
        { "text_column_name", Category, a => a.TextColumnName, (a, v) => a.TextColumnName = v,
          "Column with the text, or with a list of its words." },
        { "text_pair_column_name", Category, a => a.TextPairColumnName, (a, v) => a.TextPairColumnName = v,
          "Column with the second text of a pair; read where a row has it." },
        { "add_special_tokens", Category, a => a.AddSpecialTokens, (a, v) => a.AddSpecialTokens = v,
          "Add the tokens that the tokenizer puts around a text." },
        { "padding", Category, a => a.Padding, (a, v) => a.Padding = v,
          "Pad to the longest text of the file (true) or to max_length.", ["false", "do_not_pad", "true", "longest", "max_length"] },
        { "truncation", Category, a => a.Truncation, (a, v) => a.Truncation = v,
          "What to cut off; unset: longest_first if there is a max_length and no padding.",
          ["false", "do_not_truncate", "true", "longest_first", "only_first", "only_second"] },
        { "max_length", Category, a => a.MaxLength, (a, v) => a.MaxLength = v,
          "Tokens at most; unset: the tokenizer's model_max_length, where texts are cut or padded to it." },
        { "stride", Category, a => a.Stride, (a, v) => a.Stride = v, "Tokens that an overflowing part repeats of the one before." },
        { "pad_to_multiple_of", Category, a => a.PadToMultipleOf, (a, v) => a.PadToMultipleOf = v, "Round padded lengths up." },
        { "padding_side", Category, a => a.PaddingSide, (a, v) => a.PaddingSide = v, "Unset: as the tokenizer says.", ["left", "right"] },
        { "truncation_side", Category, a => a.TruncationSide, (a, v) => a.TruncationSide = v, "Unset: as the tokenizer says.",
            ["left", "right"] },
        { "return_overflowing_tokens", Category, a => a.ReturnOverflowingTokens, (a, v) => a.ReturnOverflowingTokens = v,
          "Print what is cut off too, a line a part, with overflow_to_sample_mapping." },
        { "return_attention_mask", Category, a => a.ReturnAttentionMask, (a, v) => a.ReturnAttentionMask = v, "Print attention_mask." },
        { "return_token_type_ids", Category, a => a.ReturnTokenTypeIds, (a, v) => a.ReturnTokenTypeIds = v, "Print token_type_ids." },
        { "return_special_tokens_mask", Category, a => a.ReturnSpecialTokensMask, (a, v) => a.ReturnSpecialTokensMask = v,
          "Print special_tokens_mask." },
        { "return_word_ids", Category, a => a.ReturnWordIds, (a, v) => a.ReturnWordIds = v, "Print word_ids." },
    };

    public string TokenizerName { get; set; } = "";

    public string TextFile { get; set; } = "";

    public string TextColumnName { get; set; } = "text";

    public string TextPairColumnName { get; set; } = "text_pair";

    public bool AddSpecialTokens { get; set; } = true;

    public string Padding { get; set; } = "false";

    public string? Truncation { get; set; }

    public int? MaxLength { get; set; }

    public int Stride { get; set; }

    public int? PadToMultipleOf { get; set; }

    public string? PaddingSide { get; set; }

    public string? TruncationSide { get; set; }

    public bool ReturnOverflowingTokens { get; set; }

    public bool ReturnAttentionMask { get; set; }

    public bool ReturnTokenTypeIds { get; set; }

    public bool ReturnSpecialTokensMask { get; set; }

    public bool ReturnWordIds { get; set; }

    public IReadOnlyList<ArgumentField> Fields => Table;

    /// <inheritdoc/>
    public void Complete()
    {
        if (!Directory.Exists(TokenizerName))
            throw new InvalidArgumentException("tokenizer_name", $"is \"{TokenizerName}\", expected a folder that exists");
        if (!File.Exists(TextFile)) throw new InvalidArgumentException("text_file", $"is \"{TextFile}\", expected a file that exists");
        foreach (var (name, value, least) in new[] { ("max_length", MaxLength, 1), ("stride", Stride, 0), ("pad_to_multiple_of", PadToMultipleOf, 1) })
        {
            if (value < least) throw new InvalidArgumentException(name, $"is {value}, expected a whole number from {least} up");
        }
    }
}
