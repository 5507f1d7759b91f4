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

    /// <summary>Makes a batch of texts, pairs of texts or words: ids, offsets, masks, padded and truncated as the options say.</summary>
    /// <param name="inputs">The texts.</param>
    /// <param name="options">How; null: special tokens around, nothing padded or cut off.</param>
    /// <exception cref="ArgumentException">Options contradict each other or cannot be kept: a text is too short to cut, there is no padding
    /// token, the texts are words and this kind of tokenizer takes none.</exception>
    BatchEncoding EncodeBatch(IReadOnlyList<EncodingInput> inputs, EncodingOptions? options = null);

    /// <summary>How many special tokens are put around a text, or a pair.</summary>
    int NumSpecialTokensToAdd(bool isPair = false);

    /// <summary>The side where texts are padded: "right" or "left".</summary>
    string PaddingSide { get; }

    /// <summary>The side where texts are cut off: "right" or "left".</summary>
    string TruncationSide { get; }

    /// <summary>What its model takes: <c>input_ids</c>, <c>attention_mask</c>, mostly <c>token_type_ids</c>.</summary>
    IReadOnlyList<string> ModelInputNames { get; }

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

    /// <summary>All that is known of the tokens of a text, a pair or words.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="input">The text.</param>
    /// <param name="options">How; see <see cref="ITokenizer.EncodeBatch"/>.</param>
    public static TextEncoding Encode(this ITokenizer tokenizer, EncodingInput input, EncodingOptions? options) =>
        tokenizer.EncodeBatch([input], options)[0];
}
