using NativeTrainer.Models.Tokenizers;

namespace NativeTrainer.Data;

/// <summary>How <see cref="TextDataset"/> reads.</summary>
public sealed record TextDatasetOptions
{
    /// <summary>Makes tokens of text; not needed for rows of ids.</summary>
    public ITokenizer? Tokenizer { get; init; }

    /// <summary>Tokens in a block of text; see <see cref="TextDataset.BlockSize"/> for a default.</summary>
    public int? BlockSize { get; init; }

    /// <summary>The model's vocabulary: ids must be below. Null: not checked.</summary>
    public int? VocabSize { get; init; }

    /// <summary>The longest row that the model takes, <c>n_positions</c>. Null: not checked.</summary>
    public int? MaxPositions { get; init; }

    /// <summary>Whether the rows of a .txt keep their line breaks.</summary>
    public bool KeepLinebreaks { get; init; } = true;

    /// <summary>
    /// Whether short texts are packed into rows of at most <see cref="BlockSize"/> tokens, each text seeing itself alone, instead of being
    /// joined and cut. For models that take <c>position_ids</c>.
    /// </summary>
    public bool Packing { get; init; }

    /// <summary>Keeps tokenized text for the next time; null: nothing is kept. Files of less than <see cref="SmallestCached"/> bytes in
    /// all are tokenized faster than found.</summary>
    public DatasetCache? Cache { get; init; }

    /// <summary>Bytes of text from which <see cref="Cache"/> is used.</summary>
    public long SmallestCached { get; init; } = 1 << 24;
}
