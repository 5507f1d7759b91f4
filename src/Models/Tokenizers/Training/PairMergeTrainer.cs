namespace NativeTrainer.Models.Tokenizers;

/// <summary>What a training of merges gives: tokens in the order of their ids, and the merges.</summary>
internal sealed record TrainedMerges(IReadOnlyList<string> Tokens, IReadOnlyList<(int Left, int Right)> Merges);

/// <summary>
/// Learns BPE's merges as Hugging Face's BpeTrainer does: the most frequent pair becomes a token, of equally frequent ones the pair of the
/// smaller ids, again and again. Counts are kept up to date only where a merge changed a word, so the time is that of the changes and the
/// memory that of the words.
/// </summary>
/// <param name="vocabSize">Tokens at most.</param>
/// <param name="minFrequency">How often a pair must occur.</param>
/// <param name="continuingPrefix">Stands before tokens that continue a word; empty for none.</param>
internal sealed class PairMergeTrainer(int vocabSize, long minFrequency, string continuingPrefix)
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<string> _tokens = [];
    private readonly Dictionary<(int, int), long> _counts = [];
    private readonly PriorityQueue<Candidate, Candidate> _queue = new(new MostFrequent());

    private int[][] _words = []; // the symbols of each word, at the beginning
    private int[] _lengths = [];
    private long[] _wordCounts = [];

    private sealed record Candidate(int Left, int Right, long Count, List<int> Words);

    /// <summary>Trains.</summary>
    /// <param name="words">The words and how often they occur.</param>
    /// <param name="specialTokens">The first tokens.</param>
    /// <param name="alphabet">Characters that are tokens, in order.</param>
    /// <param name="continuing">Characters whose continuing form comes first, in order; others follow in the order of code points.</param>
    public TrainedMerges Train(IReadOnlyList<(string Word, long Count)> words, IEnumerable<string> specialTokens,
        IEnumerable<string> alphabet, IEnumerable<string>? continuing = null)
    {
        foreach (var token in specialTokens.Concat(alphabet)) IdOf(token);
        Spell(words, continuing ?? []);
        CountPairs();
        var merges = new Dictionary<(int, int), int>();
        for (var rank = 0; _tokens.Count < vocabSize && _queue.TryDequeue(out var top, out _);)
        {
            var count = _counts[(top.Left, top.Right)];
            if (count != top.Count) // it changed since: again, at its place
            {
                Enqueue(top with { Count = count });
                continue;
            }
            if (count < 1 || count < minFrequency) break;
            merges[(top.Left, top.Right)] = rank++; // the last of equal ones counts
            Merge(top);
        }
        return new(_tokens, [.. merges.OrderBy(merge => merge.Value).Select(merge => merge.Key)]);
    }

    private int IdOf(string token)
    {
        if (_ids.TryGetValue(token, out var id)) return id;
        _ids[token] = _tokens.Count;
        _tokens.Add(token);
        return _tokens.Count - 1;
    }

    // Characters beyond the alphabet are left out.
    private void Spell(IReadOnlyList<(string Word, long Count)> words, IEnumerable<string> continuing)
    {
        if (continuingPrefix.Length > 0)
        {
            var seen = new SortedSet<int>();
            foreach (var (word, _) in words)
            {
                var isFirst = true;
                foreach (var rune in word.EnumerateRunes())
                {
                    if (!isFirst && _ids.ContainsKey(rune.ToString())) seen.Add(rune.Value);
                    isFirst = false;
                }
            }
            foreach (var character in continuing.Concat(seen.Select(char.ConvertFromUtf32))) IdOf(continuingPrefix + character);
        }
        _words = new int[words.Count][];
        _lengths = new int[words.Count];
        _wordCounts = [.. words.Select(word => word.Count)];
        var symbols = new List<int>();
        for (var i = 0; i < words.Count; i++)
        {
            symbols.Clear();
            var at = 0;
            foreach (var rune in words[i].Word.EnumerateRunes())
            {
                var character = rune.ToString();
                if (_ids.TryGetValue(character, out var id))
                    symbols.Add(at > 0 && continuingPrefix.Length > 0 ? IdOf(continuingPrefix + character) : id);
                at++;
            }
            (_words[i], _lengths[i]) = ([.. symbols], symbols.Count);
        }
    }

    private void CountPairs()
    {
        var places = new Dictionary<(int, int), List<int>>();
        for (var word = 0; word < _words.Length; word++)
        {
            for (var i = 0; i + 1 < _lengths[word]; i++)
            {
                var pair = (_words[word][i], _words[word][i + 1]);
                _counts[pair] = _counts.GetValueOrDefault(pair) + _wordCounts[word];
                AddPlace(places, pair, word);
            }
        }
        EnqueueAll(places);
    }

    private void Merge(Candidate pair)
    {
        var right = _tokens[pair.Right];
        if (continuingPrefix.Length > 0 && right.StartsWith(continuingPrefix, StringComparison.Ordinal)) right = right[continuingPrefix.Length..];
        var merged = IdOf(_tokens[pair.Left] + right);
        var places = new Dictionary<(int, int), List<int>>();
        foreach (var word in pair.Words) MergeIn(word, pair, merged, places);
        EnqueueAll(places);
    }

    private void MergeIn(int word, Candidate pair, int merged, Dictionary<(int, int), List<int>> places)
    {
        var symbols = _words[word];
        var kept = 0;
        for (var i = 0; i < _lengths[word];)
        {
            if (i + 1 == _lengths[word] || symbols[i] != pair.Left || symbols[i + 1] != pair.Right)
            {
                symbols[kept++] = symbols[i++];
                continue;
            }
            if (kept > 0)
            {
                Change((symbols[kept - 1], pair.Left), -1);
                Change((symbols[kept - 1], merged), 1);
            }
            symbols[kept++] = merged;
            i += 2;
            if (i < _lengths[word])
            {
                Change((pair.Right, symbols[i]), -1);
                Change((merged, symbols[i]), 1);
            }
        }
        _lengths[word] = kept;

        void Change((int, int) changed, int sign)
        {
            _counts[changed] = _counts.GetValueOrDefault(changed) + sign * _wordCounts[word];
            if (sign > 0) AddPlace(places, changed, word);
        }
    }

    private static void AddPlace(Dictionary<(int, int), List<int>> places, (int, int) pair, int word)
    {
        if (!places.TryGetValue(pair, out var words)) places[pair] = words = [];
        if (words.Count == 0 || words[^1] != word) words.Add(word); // words come one after the other
    }

    private void EnqueueAll(Dictionary<(int, int), List<int>> places)
    {
        foreach (var (pair, words) in places)
        {
            if (_counts[pair] is var count and > 0) Enqueue(new(pair.Item1, pair.Item2, count, words));
        }
    }

    private void Enqueue(Candidate candidate) => _queue.Enqueue(candidate, candidate);

    private sealed class MostFrequent : IComparer<Candidate>
    {
        public int Compare(Candidate? x, Candidate? y)
        {
            if (x!.Count != y!.Count) return y.Count.CompareTo(x.Count);
            return x.Left != y.Left ? x.Left.CompareTo(y.Left) : x.Right.CompareTo(y.Right);
        }
    }
}
