using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Cli.Arguments;

/// <summary>What a tokenizer is trained on, and how: the names of Hugging Face's BpeTrainer and WordPieceTrainer.</summary>
internal sealed class TrainTokenizerArguments : IArgumentGroup
{
    private const string Category = "train-tokenizer";

    private static readonly ArgumentTable<TrainTokenizerArguments> Table = new(new())
    {
        { "model_type", Category, a => a.ModelType, (a, v) => a.ModelType = v,
            "Byte-level BPE, as GPT-2 has it, or WordPiece, as BERT has it.", ["bpe", "wordpiece"] },
        { "train_file", Category, a => a.TrainFile, (a, v) => a.TrainFile = v,
          "What to train on: .txt, .jsonl, .csv, .parquet ..., folders or globs; a name that begins with ! takes files out again." },
        { "text_column_name", Category, a => a.TextColumnName, (a, v) => a.TextColumnName = v, "Column with the text." },
        { "output_dir", Category, a => a.OutputDir, (a, v) => a.OutputDir = v, "Folder for the tokenizer.", true },
        { "vocab_size", Category, a => a.VocabSize, (a, v) => a.VocabSize = v, "Tokens at most, special ones and the alphabet included." },
        { "min_frequency", Category, a => a.MinFrequency, (a, v) => a.MinFrequency = v, "How often a pair must occur to become a token." },
        { "special_tokens", Category, a => a.SpecialTokens, (a, v) => a.SpecialTokens = v,
          "The first tokens; unset: <|endoftext|>, or [PAD] [UNK] [CLS] [SEP] [MASK] for wordpiece." },
        { "limit_alphabet", Category, a => a.LimitAlphabet, (a, v) => a.LimitAlphabet = v,
            "wordpiece: characters at most, the most frequent ones." },
        { "do_lower_case", Category, a => a.DoLowerCase, (a, v) => a.DoLowerCase = v,
            "wordpiece: letters become small and lose their accents; unset: yes." },
        { "add_prefix_space", Category, a => a.AddPrefixSpace, (a, v) => a.AddPrefixSpace = v,
            "bpe: take texts as if they began with a blank." },
        { "model_max_length", Category, a => a.ModelMaxLength, (a, v) => a.ModelMaxLength = v,
            "Longest input of the model it is for; unset: no limit." },
    };

    public string ModelType { get; set; } = "bpe";

    public IReadOnlyList<string>? TrainFile { get; set; }

    public string TextColumnName { get; set; } = "text";

    public string OutputDir { get; set; } = "";

    public int VocabSize { get; set; } = 30000;

    public long MinFrequency { get; set; }

    public IReadOnlyList<string>? SpecialTokens { get; set; }

    public int? LimitAlphabet { get; set; }

    public bool? DoLowerCase { get; set; }

    public bool AddPrefixSpace { get; set; }

    public int? ModelMaxLength { get; set; }

    public IReadOnlyList<ArgumentField> Fields => Table;

    /// <summary>The options of the training.</summary>
    public TokenizerTrainingOptions Options => new()
    {
        Kind = ModelType == "bpe" ? TokenizerKind.BytePairEncoding : TokenizerKind.WordPiece,
        VocabSize = VocabSize,
        MinFrequency = MinFrequency,
        SpecialTokens = SpecialTokens,
        LimitAlphabet = LimitAlphabet,
        Lowercase = DoLowerCase ?? true,
        AddPrefixSpace = AddPrefixSpace,
        ModelMaxLength = ModelMaxLength,
    };

    /// <inheritdoc/>
    public void Complete()
    {
        if (TrainFile is null or []) throw new InvalidArgumentException("train_file", "is missing, expected texts, a folder or a glob");
        if (File.Exists(OutputDir)) throw new InvalidArgumentException("output_dir", $"is the file \"{OutputDir}\", expected a folder");
        if (ModelType == "bpe") Refusal.IfSet(this, "do_lower_case", "byte-level BPE keeps texts as they are; leave it out");
        else Refusal.IfSet(this, "add_prefix_space", "it is for bpe; leave it out");
    }
}
