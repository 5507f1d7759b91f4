namespace NativeTrainer.Models.Tokenizers;

/// <summary>The kind of a tokenizer that is trained.</summary>
public enum TokenizerKind
{
    /// <summary>Byte-level BPE, as GPT-2 has it.</summary>
    BytePairEncoding,

    /// <summary>WordPiece, as BERT has it.</summary>
    WordPiece,
}

/// <summary>How a tokenizer is trained; the names and defaults of Hugging Face's BpeTrainer and WordPieceTrainer.</summary>
public sealed record TokenizerTrainingOptions
{
    /// <summary>The kind. Default byte-level BPE.</summary>
    public TokenizerKind Kind { get; init; }

    /// <summary>Tokens at most, special ones and the alphabet included. Default 30000.</summary>
    public int VocabSize { get; init; } = 30000;

    /// <summary>How often a pair must occur to become a token. Default 0.</summary>
    public long MinFrequency { get; init; }

    /// <summary>The first tokens; null: <c>&lt;|endoftext|&gt;</c>, or BERT's five for WordPiece.</summary>
    public IReadOnlyList<string>? SpecialTokens { get; init; }

    /// <summary>Characters at most in the alphabet, the most frequent ones; null: all. WordPiece only: byte-level BPE has its 256.</summary>
    public int? LimitAlphabet { get; init; }

    /// <summary>Whether texts are taken as if they began with a blank (byte-level BPE). Default false.</summary>
    public bool AddPrefixSpace { get; init; }

    /// <summary>Whether letters become small and lose their accents (WordPiece). Default true.</summary>
    public bool Lowercase { get; init; } = true;

    /// <summary>The longest input of the model that it is for; null: no limit.</summary>
    public int? ModelMaxLength { get; init; }

    /// <summary>The special tokens, with the default filled in.</summary>
    internal IReadOnlyList<string> AllSpecialTokens => SpecialTokens
        ?? (Kind == TokenizerKind.WordPiece ? ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] : ["<|endoftext|>"]);
}
