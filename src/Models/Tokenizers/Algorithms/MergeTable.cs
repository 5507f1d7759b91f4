namespace NativeTrainer.Models.Tokenizers;

/// <summary>BPE's merges: which pairs of tokens become one, and in which order. A hash table of pairs.</summary>
internal sealed class MergeTable
{
    /// <summary>The rank of a pair that is not merged.</summary>
    public const int None = int.MaxValue;

    private readonly record struct Entry(ulong Pair, int Rank, int Merged);

    private readonly Entry[] _entries; // Rank None where free
    private readonly int _shift;

    /// <param name="merges">Pairs and what they become, first to merge first.</param>
    public MergeTable(IReadOnlyList<(int Left, int Right, int Merged)> merges)
    {
        var size = 16;
        while (size < 2 * merges.Count) size *= 2;
        _shift = 64 - int.Log2(size);
        _entries = new Entry[size];
        Array.Fill(_entries, new(0, None, 0));
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right, merged) = merges[rank];
            ref var entry = ref Find(left, right);
            entry = new(Key(left, right), rank, merged); // the last of equal pairs counts, as in Hugging Face
        }
    }

    /// <summary>The rank of a pair; <see cref="None"/> if it is not merged.</summary>
    public int Rank(int left, int right, out int merged)
    {
        ref var entry = ref Find(left, right);
        merged = entry.Merged;
        return entry.Rank;
    }

    private static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)right;

    private ref Entry Find(int left, int right)
    {
        var key = Key(left, right);
        var at = (int)(key * 0x9E3779B97F4A7C15UL >> _shift);
        while (_entries[at].Rank != None && _entries[at].Pair != key) at = at + 1 & _entries.Length - 1;
        return ref _entries[at];
    }
}
