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
}
