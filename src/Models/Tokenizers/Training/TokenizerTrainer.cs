using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>Trains tokenizers on one's own text and writes them as folders that Hugging Face loads.</summary>
/// <example><code>
/// var tokenizer = TokenizerTrainer.Train(File.ReadLines("corpus.txt"), "my-tokenizer", new() { VocabSize = 8000 });
/// </code></example>
public static class TokenizerTrainer
{
    private const string ContinuingPrefix = "##";

    /// <summary>
    /// Trains a tokenizer and writes <c>tokenizer.json</c>, <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c> and, for WordPiece,
    /// <c>vocab.txt</c>. The same texts give the same files on every machine.
    /// </summary>
    /// <param name="texts">The texts; read once, one after the other.</param>
    /// <param name="folder">Where the files go.</param>
    /// <param name="options">How; null: byte-level BPE of 30000 tokens.</param>
    /// <returns>The tokenizer, read from the folder.</returns>
    /// <exception cref="ArgumentException">An option is wrong, or the texts have no words.</exception>
    public static ITokenizer Train(IEnumerable<string> texts, string folder, TokenizerTrainingOptions? options = null)
    {
        options ??= new();
        Check(options);
        var isWordPiece = options.Kind == TokenizerKind.WordPiece;
        var counter = isWordPiece
            ? new WordCounter(new BertNormalizer(true, true, null, options.Lowercase), new BertPreTokenizer())
            : new WordCounter(null, new ByteLevelPreTokenizer(options.AddPrefixSpace, true));
        var words = counter.Count(texts);
        if (words.Count == 0) throw new ArgumentException("the texts have no words, expected some to train on");
        var trained = Learn(words, options);
        foreach (var (name, text) in new TokenizerWriter(options, trained).Files()) AtomicFile.WriteAllText(Path.Combine(folder, name), text);
        return Tokenizer.FromPretrained(folder);
    }

    /// <summary>Learns the merges.</summary>
    /// <param name="words">The words and how often they occur.</param>
    /// <param name="options">How.</param>
    /// <param name="continuing">See <see cref="PairMergeTrainer.Train"/>.</param>
    internal static TrainedMerges Learn(IReadOnlyList<(string Word, long Count)> words, TokenizerTrainingOptions options,
        IEnumerable<string>? continuing = null)
    {
        var isWordPiece = options.Kind == TokenizerKind.WordPiece;
        var alphabet = isWordPiece
            ? Alphabet(words, options.LimitAlphabet)
            : Enumerable.Range(0, 256).Select(b => ByteLevel.Character((byte)b)).Order().Select(c => c.ToString());
        return new PairMergeTrainer(options.VocabSize, options.MinFrequency, isWordPiece ? ContinuingPrefix : "")
            .Train(words, options.AllSpecialTokens, alphabet, continuing);
    }

    private static IEnumerable<string> Alphabet(IReadOnlyList<(string Word, long Count)> words, int? limit)
    {
        var counts = new Dictionary<int, long>();
        foreach (var (word, count) in words)
        {
            foreach (var rune in word.EnumerateRunes()) counts[rune.Value] = counts.GetValueOrDefault(rune.Value) + count;
        }
        IEnumerable<int> kept = counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Take(limit ?? int.MaxValue).Select(c => c.Key);
        return kept.Order().Select(char.ConvertFromUtf32);
    }

    private static void Check(TokenizerTrainingOptions options)
    {
        if (options.VocabSize < 1) throw new ArgumentException($"vocab_size is {options.VocabSize}, expected 1 or more");
        if (options.MinFrequency < 0) throw new ArgumentException($"min_frequency is {options.MinFrequency}, expected 0 or more");
        if (options.ModelMaxLength < 1) throw new ArgumentException($"model_max_length is {options.ModelMaxLength}, expected 1 or more");
        if (options.LimitAlphabet < 1) throw new ArgumentException($"limit_alphabet is {options.LimitAlphabet}, expected 1 or more");
        var special = options.AllSpecialTokens;
        if (special.Any(token => token.Length == 0)) throw new ArgumentException("special_tokens has an empty token");
        if (special.Distinct().Count() < special.Count) throw new ArgumentException("special_tokens has a token twice");
        if (options.Kind == TokenizerKind.WordPiece)
        {
            if (!special.Contains("[UNK]"))
                throw new ArgumentException("special_tokens has no [UNK], which WordPiece needs for words that it cannot spell");
            return;
        }
        if (options.LimitAlphabet is not null) throw new ArgumentException("limit_alphabet is for wordpiece; byte-level BPE has 256 bytes");
        if (options.VocabSize < 256 + special.Count)
        {
            throw new ArgumentException($"vocab_size is {options.VocabSize}, expected {256 + special.Count} or more: 256 bytes and"
                + $" {special.Count} special tokens");
        }
    }
}
