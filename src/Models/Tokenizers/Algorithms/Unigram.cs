using System.Text;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// The unigram language model (Kudo 2018, https://aclanthology.org/P18-1007): of all ways to cut a word into tokens, the one with the highest
/// sum of scores, found by Viterbi's algorithm in double precision. A character without a token costs 10 more than the least likely token;
/// unknown characters side by side are one token, or their bytes.
/// </summary>
internal sealed class Unigram : ITokenModel
{
    private const double UnknownPenalty = 10;

    private readonly record struct Node(int Id, double Score, int Start); // the best way to get here; Start -1 for none

    private readonly TokenTrie _trie = new();
    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int? _unkId;
    private readonly int[]? _byteTokens;

    [ThreadStatic]
    private static Node[]? _nodes;

    /// <param name="source">The file, for messages.</param>
    /// <param name="pieces">Tokens and scores in the order of their ids.</param>
    /// <param name="unkId">The unknown token; null: text that would need it is an error.</param>
    /// <param name="byteFallback">Whether unknown text becomes its bytes' tokens.</param>
    /// <exception cref="InvalidDataException">The unknown token is beyond the vocabulary.</exception>
    public Unigram(string source, IReadOnlyList<(string Token, double Score)> pieces, int? unkId, bool byteFallback)
    {
        if (unkId >= pieces.Count || unkId < 0)
            throw new InvalidDataException($"{source}: unk_id is {unkId}, expected one of {pieces.Count} tokens");
        var ids = new Dictionary<string, int>(pieces.Count);
        for (var id = 0; id < pieces.Count; id++)
        {
            ids[pieces[id].Token] = id;
            _trie.Add(pieces[id].Token, id);
        }
        Vocabulary = new(source, ids);
        _scores = [.. pieces.Select(piece => piece.Score)];
        _unknownScore = (_scores.Length == 0 ? 0 : _scores.Min()) - UnknownPenalty;
        _unkId = unkId;
        _byteTokens = byteFallback ? Vocabulary.ByteTokens() : null;
    }

    public Vocabulary Vocabulary { get; }

    public void Tokenize(ReadOnlySpan<int> word, List<Token> tokens)
    {
        if (_nodes is null || _nodes.Length <= word.Length) _nodes = new Node[Math.Max(64, 2 * word.Length)];
        var nodes = _nodes.AsSpan(0, word.Length + 1);
        Search(word, nodes);
        var first = tokens.Count;
        for (var end = word.Length; end > 0;)
        {
            var (id, start) = (nodes[end].Id, nodes[end].Start);
            while (id == _unkId && start > 0 && nodes[start].Id == _unkId) start = nodes[start].Start;
            if (id == _unkId) AddUnknown(word, start, end, tokens);
            else tokens.Add(new(id, start, end));
            end = start;
        }
        tokens.Reverse(first, tokens.Count - first);
    }

    private void Search(ReadOnlySpan<int> word, Span<Node> nodes)
    {
        nodes.Fill(new(0, 0, -1));
        for (var start = 0; start < word.Length; start++)
        {
            var before = nodes[start].Score;
            var hasSingle = false;
            var node = TokenTrie.Root;
            for (var end = start + 1; end <= word.Length; end++)
            {
                node = _trie.Child(node, word[end - 1]);
                if (node < 0) break;
                if (_trie.Id(node) is not (var id and >= 0)) continue;
                Offer(ref nodes[end], id, _scores[id] + before, start);
                hasSingle |= end == start + 1;
            }
            if (!hasSingle) Offer(ref nodes[start + 1], _unkId ?? Vocabulary.Unknown(null), _unknownScore + before, start);
        }
    }

    private static void Offer(ref Node node, int id, double score, int start)
    {
        if (node.Start < 0 || score > node.Score) node = new(id, score, start);
    }

    // Goes backwards, as the caller does.
    private void AddUnknown(ReadOnlySpan<int> word, int start, int end, List<Token> tokens)
    {
        var spelling = string.Concat(word[start..end].ToArray().Select(char.ConvertFromUtf32));
        if (Vocabulary.IdOf(spelling) is { } id)
        {
            tokens.Add(new(id, start, end));
            return;
        }
        if (_byteTokens is not null && Encoding.UTF8.GetBytes(spelling) is var bytes
            && Array.TrueForAll(bytes, b => _byteTokens[b] >= 0))
        {
            for (var i = bytes.Length - 1; i >= 0; i--) tokens.Add(new(_byteTokens[bytes[i]], start, end));
            return;
        }
        tokens.Add(new(_unkId!.Value, start, end, IsSurface: true));
    }
}
