using System.Text;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>Counts the words of texts on all cores; the result does not depend on how many there are.</summary>
/// <param name="normalizer">Changes a text first, if there is one.</param>
/// <param name="preTokenizer">Cuts it into words.</param>
internal sealed class WordCounter(INormalizer? normalizer, IPreTokenizer preTokenizer)
{
    private const int BatchLength = 1 << 18; // characters

    /// <summary>The words and how often they occur, in ordinal order.</summary>
    public List<(string Word, long Count)> Count(IEnumerable<string> texts)
    {
        var total = new Dictionary<string, long>(StringComparer.Ordinal);
        Parallel.ForEach(Batches(texts), () => new Counts(), CountBatch, counts =>
        {
            lock (total)
            {
                foreach (var (word, count) in counts.Words) total[word] = total.GetValueOrDefault(word) + count;
            }
        });
        var words = total.Select(entry => (entry.Key, entry.Value)).ToList();
        words.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return words;
    }

    private static IEnumerable<List<string>> Batches(IEnumerable<string> texts)
    {
        var (batch, length) = (new List<string>(), 0);
        foreach (var text in texts)
        {
            batch.Add(text);
            length += text.Length;
            if (length < BatchLength) continue;
            yield return batch;
            (batch, length) = ([], 0);
        }
        if (batch.Count > 0) yield return batch;
    }

    private Counts CountBatch(List<string> batch, ParallelLoopState state, Counts counts)
    {
        foreach (var text in batch)
        {
            counts.Part.Clear();
            counts.Part.Decode(text, 0);
            normalizer?.Normalize(ref counts.Part, ref counts.Spare);
            counts.Text.Clear();
            counts.Text.Add(counts.Part, 0, counts.Part.Count);
            preTokenizer.PreTokenize(counts.Text);
            foreach (var word in counts.Text.Words) counts.Add(counts.Text.Text.Points[word.Start..word.End]);
        }
        return counts;
    }

    private sealed class Counts
    {
        private char[] _spelling = new char[64];

        public readonly Dictionary<string, long> Words = new(StringComparer.Ordinal);
        public readonly PreTokenizedText Text = new();
        public TextBuffer Part = new(), Spare = new();

        public void Add(ReadOnlySpan<int> word)
        {
            if (_spelling.Length < 2 * word.Length) _spelling = new char[2 * word.Length];
            var length = 0;
            foreach (var point in word) length += new Rune(point).EncodeToUtf16(_spelling.AsSpan(length));
            var lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();
            ReadOnlySpan<char> spelling = _spelling.AsSpan(0, length);
            lookup[spelling] = lookup.TryGetValue(spelling, out var count) ? count + 1 : 1;
        }
    }
}
