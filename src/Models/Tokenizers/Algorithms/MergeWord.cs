namespace NativeTrainer.Models.Tokenizers;

/// <summary>The symbols of one word while BPE merges them: always the pair of lowest rank, of those the leftmost.</summary>
internal sealed class MergeWord
{
    private const int Few = 48; // up to here looking at all pairs is faster than a heap

    private struct Symbol
    {
        public int Id, Length, Previous, Next;
    }

    private readonly PriorityQueue<(int At, int Left, int Right, int Merged), (int Rank, int At)> _queue = new();
    private Symbol[] _symbols = new Symbol[64];

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <summary>Adds a symbol.</summary>
    /// <param name="id">Its token.</param>
    /// <param name="length">Its length in bytes of UTF-8.</param>
    public void Add(int id, int length)
    {
        if (Count == _symbols.Length) Array.Resize(ref _symbols, 2 * Count);
        _symbols[Count] = new() { Id = id, Length = length, Previous = Count - 1, Next = Count + 1 };
        Count++;
    }

    public int Id(int index) => _symbols[index].Id;

    public int Length(int index) => _symbols[index].Length;

    /// <summary>Merges all that can be merged.</summary>
    public void Merge(MergeTable merges)
    {
        if (Count < 2) return;
        if (Count <= Few) MergeFew(merges);
        else MergeMany(merges);
    }

    private void MergeFew(MergeTable merges)
    {
        Span<int> ranks = stackalloc int[Few]; // of the pair that begins at each symbol
        Span<int> merged = stackalloc int[Few];
        for (var i = 0; i + 1 < Count; i++) ranks[i] = merges.Rank(_symbols[i].Id, _symbols[i + 1].Id, out merged[i]);
        while (Count > 1)
        {
            var best = 0;
            for (var i = 1; i < Count - 1; i++)
            {
                if (ranks[i] < ranks[best]) best = i;
            }
            if (ranks[best] == MergeTable.None) return;
            _symbols[best].Id = merged[best];
            _symbols[best].Length += _symbols[best + 1].Length;
            Count--;
            for (var i = best + 1; i < Count; i++)
            {
                _symbols[i] = _symbols[i + 1];
                (ranks[i], merged[i]) = (ranks[i + 1], merged[i + 1]);
            }
            if (best > 0) ranks[best - 1] = merges.Rank(_symbols[best - 1].Id, _symbols[best].Id, out merged[best - 1]);
            if (best + 1 < Count) ranks[best] = merges.Rank(_symbols[best].Id, _symbols[best + 1].Id, out merged[best]);
        }
    }

    private void MergeMany(MergeTable merges)
    {
        _queue.Clear();
        _symbols[Count - 1].Next = -1;
        for (var i = 0; i + 1 < Count; i++) Enqueue(i);
        while (_queue.TryDequeue(out var pair, out _))
        {
            ref var left = ref _symbols[pair.At];
            if (left.Length < 0 || left.Next < 0 || left.Id != pair.Left || _symbols[left.Next].Id != pair.Right) continue; // outdated
            ref var right = ref _symbols[left.Next];
            left.Id = pair.Merged;
            left.Length += right.Length;
            left.Next = right.Next;
            right.Length = -1;
            if (left.Next >= 0) _symbols[left.Next].Previous = pair.At;
            if (left.Previous >= 0) Enqueue(left.Previous);
            Enqueue(pair.At);
        }
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_symbols[i].Length >= 0) _symbols[kept++] = _symbols[i];
        }
        Count = kept;

        void Enqueue(int at)
        {
            var next = _symbols[at].Next;
            if (next < 0) return;
            var (l, r) = (_symbols[at].Id, _symbols[next].Id);
            var rank = merges.Rank(l, r, out var whole);
            if (rank != MergeTable.None) _queue.Enqueue((at, l, r, whole), (rank, at));
        }
    }
}
