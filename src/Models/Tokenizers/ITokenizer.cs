namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// Turns text into token ids and back, with a Hugging Face tokenizer's rules. Safe for several threads. See <see cref="Tokenizer"/>.
/// </summary>
public interface ITokenizer
{
    /// <summary>Tokens of the model itself, without added ones: Hugging Face's <c>vocab_size</c>.</summary>
    int VocabSize { get; }

    /// <summary>All tokens, added ones included: Hugging Face's <c>len(tokenizer)</c>.</summary>
    int Length { get; }

    /// <summary>The longest input its model takes, in tokens; null where the folder does not say.</summary>
    int? ModelMaxLength { get; }

    /// <summary>The tokens with a part to play: beginning, end, padding.</summary>
    SpecialTokens SpecialTokens { get; }

    /// <summary>The id of a token as the vocabulary spells it; null where there is none.</summary>
    int? TokenToId(string token);

    /// <summary>The token of an id, as the vocabulary spells it; null where there is none.</summary>
    string? IdToToken(int id);

    /// <summary>Appends the ids of a text.</summary>
    /// <param name="text">The text, which may contain added tokens such as <c>&lt;|endoftext|&gt;</c>.</param>
    /// <param name="ids">Where the ids go.</param>
    /// <param name="addSpecialTokens">Whether to add the tokens that the tokenizer puts around a text, if it has any.</param>
    void Encode(string text, List<int> ids, bool addSpecialTokens = true);

    /// <summary>The text of ids. Ids that are no tokens are left out; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecialTokens">Whether to leave special tokens out.</param>
    /// <param name="cleanUpTokenizationSpaces">Whether to take out blanks before marks (<c>" ."</c>); null: as the folder says, which
    /// mostly is yes.</param>
    string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false, bool? cleanUpTokenizationSpaces = null);

    /// <summary>
    /// Writes the tokenizer's files into a folder, from which <see cref="Tokenizer.FromPretrained"/> and Hugging Face read it again.
    /// </summary>
    void SavePretrained(string folder);
}

/// <summary>Shorter ways to call an <see cref="ITokenizer"/>.</summary>
public static class TokenizerExtensions
{
    /// <summary>The ids of a text.</summary>
    public static int[] Encode(this ITokenizer tokenizer, string text, bool addSpecialTokens = true)
    {
        var ids = new List<int>(text.Length / 3 + 1);
        tokenizer.Encode(text, ids, addSpecialTokens);
        return [.. ids];
    }
}
