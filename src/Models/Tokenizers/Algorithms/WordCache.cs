using System.Runtime.InteropServices;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// What words became, so that a word is tokenized once: an open hash table over two growing arrays, without an object for each word. For
/// one thread. Emptied when it is full.
/// </summary>
/// <typeparam name="TKey">What words are made of.</typeparam>
/// <typeparam name="TValue">What they become a list of.</typeparam>
internal sealed class WordCache<TKey, TValue>
    where TKey : unmanaged, IEquatable<TKey>
    where TValue : unmanaged
{
    /// <summary>Longer words are not kept.</summary>
    public const int LongestWord = 64;

    private const int Capacity = 1 << 16;
    private const int MostKeys = Capacity * 16;

    private struct Entry
    {
        public ulong Hash;
        public int Key, KeyLength, Value, ValueLength; // KeyLength 0 where free
    }

    private Entry[] _entries = new Entry[1 << 10];
    private TKey[] _keys = new TKey[1 << 13];
    private TValue[] _values = new TValue[1 << 12];
    private int _count, _keyEnd, _valueEnd;

    /// <summary>Finds what a word became.</summary>
    /// <param name="word">The word; not empty.</param>
    /// <param name="hash">Its hash, for <see cref="Add"/>.</param>
    /// <param name="values">What it became.</param>
    public bool TryGet(ReadOnlySpan<TKey> word, out ulong hash, out ReadOnlySpan<TValue> values)
    {
        hash = Hash(word);
        for (var at = (int)hash & _entries.Length - 1; ; at = at + 1 & _entries.Length - 1)
        {
            ref var entry = ref _entries[at];
            if (entry.KeyLength == 0) break;
            if (entry.Hash != hash || entry.KeyLength != word.Length) continue;
            if (!word.SequenceEqual(_keys.AsSpan(entry.Key, word.Length))) continue;
            values = _values.AsSpan(entry.Value, entry.ValueLength);
            return true;
        }
        values = default;
        return false;
    }

    /// <summary>Keeps what a word became.</summary>
    public void Add(ReadOnlySpan<TKey> word, ulong hash, ReadOnlySpan<TValue> values)
    {
        if (word.Length > LongestWord) return;
        if (_count == Capacity || _keyEnd + word.Length > MostKeys) Clear();
        if (2 * _count >= _entries.Length) Grow();
        if (_keyEnd + word.Length > _keys.Length) Array.Resize(ref _keys, 2 * _keys.Length);
        while (_valueEnd + values.Length > _values.Length) Array.Resize(ref _values, 2 * _values.Length);
        word.CopyTo(_keys.AsSpan(_keyEnd));
        values.CopyTo(_values.AsSpan(_valueEnd));
        Insert(new()
        {
            Hash = hash,
            Key = _keyEnd,
            KeyLength = word.Length,
            Value = _valueEnd,
            ValueLength = values.Length,
        });
        _keyEnd += word.Length;
        _valueEnd += values.Length;
        _count++;
    }

    private void Clear()
    {
        Array.Clear(_entries);
        (_count, _keyEnd, _valueEnd) = (0, 0, 0);
    }

    private void Grow()
    {
        var old = _entries;
        _entries = new Entry[2 * old.Length];
        foreach (var entry in old)
        {
            if (entry.KeyLength > 0) Insert(entry);
        }
    }

    private void Insert(Entry entry)
    {
        var at = (int)entry.Hash & _entries.Length - 1;
        while (_entries[at].KeyLength > 0) at = at + 1 & _entries.Length - 1;
        _entries[at] = entry;
    }

    private static ulong Hash(ReadOnlySpan<TKey> word)
    {
        var bytes = MemoryMarshal.AsBytes(word);
        ulong hash = (uint)bytes.Length;
        while (bytes.Length >= 8)
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(bytes)) * 0x9E3779B97F4A7C15UL;
            hash ^= hash >> 32;
            bytes = bytes[8..];
        }
        if (bytes.Length >= 4)
        {
            hash = (hash ^ MemoryMarshal.Read<uint>(bytes)) * 0x9E3779B97F4A7C15UL;
            hash ^= hash >> 32;
            bytes = bytes[4..];
        }
        if (bytes.Length >= 2) hash = (hash ^ MemoryMarshal.Read<ushort>(bytes)) * 0x9E3779B97F4A7C15UL;
        return hash ^ hash >> 29;
    }
}
