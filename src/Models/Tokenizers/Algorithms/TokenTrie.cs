namespace NativeTrainer.Models.Tokenizers;

/// <summary>A prefix tree of tokens over code points, in one hash table of (node, code point).</summary>
internal sealed class TokenTrie
{
    /// <summary>The node of the empty prefix.</summary>
    public const int Root = 0;

    private ulong[] _keys = new ulong[1 << 10]; // (node + 1) << 32 | code point; 0 where free
    private int[] _children = new int[1 << 10];
    private readonly List<int> _ids = [-1];

    /// <summary>Adds a token; the last of equal ones counts.</summary>
    public void Add(string token, int id)
    {
        var node = Root;
        foreach (var rune in token.EnumerateRunes())
        {
            var child = Child(node, rune.Value);
            if (child < 0)
            {
                child = _ids.Count;
                _ids.Add(-1);
                Insert((ulong)(node + 1) << 32 | (uint)rune.Value, child);
            }
            node = child;
        }
        _ids[node] = id;
    }

    /// <summary>The node of a prefix with one code point more; -1 where no token begins so.</summary>
    public int Child(int node, int point)
    {
        var key = (ulong)(node + 1) << 32 | (uint)point;
        for (var at = Slot(key); _keys[at] != 0; at = at + 1 & _keys.Length - 1)
        {
            if (_keys[at] == key) return _children[at];
        }
        return -1;
    }

    /// <summary>The token that is the prefix of a node; -1 where there is none.</summary>
    public int Id(int node) => _ids[node];

    /// <summary>The node of a prefix; -1 where no token begins so.</summary>
    public int Node(string prefix)
    {
        var node = Root;
        foreach (var rune in prefix.EnumerateRunes())
        {
            node = Child(node, rune.Value);
            if (node < 0) break;
        }
        return node;
    }

    private void Insert(ulong key, int child)
    {
        if (2 * _ids.Count > _keys.Length)
        {
            var (keys, children) = (_keys, _children);
            (_keys, _children) = (new ulong[2 * keys.Length], new int[2 * keys.Length]);
            for (var i = 0; i < keys.Length; i++)
            {
                if (keys[i] != 0) Put(keys[i], children[i]);
            }
        }
        Put(key, child);
    }

    private void Put(ulong key, int child)
    {
        var at = Slot(key);
        while (_keys[at] != 0) at = at + 1 & _keys.Length - 1;
        (_keys[at], _children[at]) = (key, child);
    }

    private int Slot(ulong key) => (int)(key * 0x9E3779B97F4A7C15UL >> 40) & _keys.Length - 1;
}
