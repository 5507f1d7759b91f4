namespace NativeTrainer.Models.Tokenizers;

/// <summary>A batch of texts as tokens.</summary>
/// <param name="Encodings">The rows; with overflowing parts after the row that they are of, if they were asked for.</param>
/// <param name="OverflowToSampleMapping">The text that each row is of.</param>
public sealed record BatchEncoding(IReadOnlyList<TextEncoding> Encodings, IReadOnlyList<int> OverflowToSampleMapping)
{
    /// <summary>How many rows there are.</summary>
    public int Count => Encodings.Count;

    /// <summary>A row.</summary>
    public TextEncoding this[int row] => Encodings[row];
}
