using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// Sentencepiece's compiled table of replacements: the size of a double-array trie (Darts), the trie, and texts that end in 0. Looked up for
/// grapheme clusters below six bytes, else for their code points.
/// </summary>
internal sealed class Precompiled : INormalizer
{
    private readonly uint[] _units;
    private readonly byte[] _texts;

    /// <exception cref="FormatException">It is no such table.</exception>
    public Precompiled(ReadOnlySpan<byte> table)
    {
        var size = table.Length < 4 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(table);
        if (size == 0 || size % 4 != 0 || size > table.Length - 4)
            throw new FormatException($"the table has {table.Length} bytes and a trie of {size}, expected a trie of whole units that fits");
        _units = new uint[size / 4];
        for (var i = 0; i < _units.Length; i++) _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(4 + 4 * i)..]);
        _texts = table[(4 + (int)size)..].ToArray();
    }

    public void Normalize(ref TextBuffer text, ref TextBuffer spare)
    {
        var changes = new List<(int Point, int Change)>(text.Count);
        var utf16 = text.ToString(0, text.Count);
        var isChanged = false;
        Span<byte> bytes = stackalloc byte[8];
        for (int at = 0, point = 0; at < utf16.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(utf16.AsSpan(at));
            var cluster = utf16.AsSpan(at, length);
            at += length;
            var count = 0;
            foreach (var _ in cluster.EnumerateRunes()) count++;
            if (Encoding.UTF8.GetByteCount(cluster) < 6
                && TryFind(bytes[..Encoding.UTF8.GetBytes(cluster, bytes)], out var found))
            {
                isChanged = true;
                Change(changes, count, found);
            }
            else
            {
                for (var i = point; i < point + count; i++)
                {
                    var rune = new Rune(text[i]);
                    if (TryFind(bytes[..rune.EncodeToUtf8(bytes)], out found))
                    {
                        isChanged = true;
                        Change(changes, 1, found);
                    }
                    else changes.Add((text[i], 0));
                }
            }
            point += count;
        }
        if (isChanged) TextChange.Apply(ref text, ref spare, changes, change => change);
    }

    private void Change(List<(int Point, int Change)> changes, int old, ReadOnlySpan<byte> replacement)
    {
        var first = changes.Count;
        while (!replacement.IsEmpty)
        {
            Rune.DecodeFromUtf8(replacement, out var rune, out var size);
            changes.Add((rune.Value, 0));
            replacement = replacement[size..];
        }
        var more = changes.Count - first - old;
        for (var i = changes.Count - 1; more > 0; i--, more--) changes[i] = (changes[i].Point, 1);
        if (more < 0 && changes.Count > 0) changes[^1] = (changes[^1].Point, changes[^1].Change + more);
    }

    // The shortest prefix that the trie knows decides, as in Hugging Face.
    private bool TryFind(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> text)
    {
        text = default;
        var node = Offset(_units[0]);
        foreach (var b in key)
        {
            if (b == 0) return false;
            node ^= b;
            if (node >= _units.Length) return false;
            var unit = _units[node];
            if ((unit & 0x800000FF) != b) return false;
            node ^= Offset(unit);
            if ((unit >> 8 & 1) == 0) continue;
            if (node >= _units.Length) return false;
            var start = (int)(_units[node] & 0x7FFFFFFF);
            if (start > _texts.Length) return false;
            var end = Array.IndexOf(_texts, (byte)0, start);
            text = _texts.AsSpan(start, (end < 0 ? _texts.Length : end) - start);
            return true;
        }
        return false;
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1u << 9) >> 6);
}
