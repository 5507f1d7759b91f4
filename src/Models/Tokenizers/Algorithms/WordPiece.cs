namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// WordPiece as BERT has it (Devlin et al. 2019): the longest token that a word begins with, then the longest that goes on. A word that
/// cannot be made of tokens, or is too long, is unknown as a whole.
/// </summary>
internal sealed class WordPiece : ITokenModel
{
    private readonly TokenTrie _trie = new();
    private readonly int _continuing;
    private readonly string _unkToken;
    private readonly int _longestWord;

    public WordPiece(Vocabulary vocabulary, string unkToken, string continuingSubwordPrefix, int maxInputCharsPerWord)
    {
        (Vocabulary, _unkToken, _longestWord) = (vocabulary, unkToken, maxInputCharsPerWord);
        foreach (var (token, id) in vocabulary.All) _trie.Add(token, id);
        _continuing = _trie.Node(continuingSubwordPrefix);
    }

    public Vocabulary Vocabulary { get; }

    public void Tokenize(ReadOnlySpan<int> word, List<Token> tokens)
    {
        var first = tokens.Count;
        for (var start = 0; start < word.Length;)
        {
            var (id, end) = word.Length > _longestWord ? (-1, 0) : Longest(word, start);
            if (id < 0)
            {
                tokens.RemoveRange(first, tokens.Count - first);
                tokens.Add(new(Vocabulary.Unknown(_unkToken), 0, word.Length));
                return;
            }
            tokens.Add(new(id, start, end));
            start = end;
        }
    }

    private (int Id, int End) Longest(ReadOnlySpan<int> word, int start)
    {
        var node = start == 0 ? TokenTrie.Root : _continuing;
        var (id, end) = (-1, start);
        for (var at = start; at < word.Length && node >= 0;)
        {
            node = _trie.Child(node, word[at++]);
            if (node >= 0 && _trie.Id(node) is var found and >= 0) (id, end) = (found, at);
        }
        return (id, end);
    }
}

/// <summary>Every word is a token, or unknown.</summary>
internal sealed class WordLevel(Vocabulary vocabulary, string unkToken) : ITokenModel
{
    public Vocabulary Vocabulary => vocabulary;

    public void Tokenize(ReadOnlySpan<int> word, List<Token> tokens)
    {
        var spelling = string.Concat(word.ToArray().Select(char.ConvertFromUtf32));
        tokens.Add(new(vocabulary.IdOf(spelling) ?? vocabulary.Unknown(unkToken), 0, word.Length));
    }
}
