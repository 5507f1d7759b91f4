using System.Runtime.InteropServices;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// What a text, or a pair of texts, became: a column for each thing that is known of a token, all of the same length. Hugging Face's
/// <c>Encoding</c> (whose name .NET uses otherwise).
/// </summary>
public sealed class TextEncoding
{
    private readonly List<int> _ids = [], _typeIds = [], _specialTokensMask = [], _attentionMask = [];
    private readonly List<string> _tokens = [];
    private readonly List<int?> _wordIds = [];
    private readonly List<(int Start, int End)> _offsets = [];
    private readonly (int Start, int End)?[] _sequences = new (int, int)?[2];
    private List<TextEncoding> _overflowing = [];

    /// <summary>Token ids (<c>input_ids</c>).</summary>
    public IReadOnlyList<int> Ids => _ids;

    /// <summary>Mostly 0 for the first text and 1 for the second (<c>token_type_ids</c>).</summary>
    public IReadOnlyList<int> TypeIds => _typeIds;

    /// <summary>The tokens as the vocabulary spells them; unknown parts as the text spells them, if the model is a unigram.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <summary>
    /// Where each token stands in its text, in Unicode code points, the end excluded; (0, 0) for tokens that were added around.
    /// </summary>
    public IReadOnlyList<(int Start, int End)> Offsets => _offsets;

    /// <summary>The word of each token, as the text was cut or given; null for tokens that were added around.</summary>
    public IReadOnlyList<int?> WordIds => _wordIds;

    /// <summary>1 for tokens that were added around a text, and for padding.</summary>
    public IReadOnlyList<int> SpecialTokensMask => _specialTokensMask;

    /// <summary>0 for padding, else 1.</summary>
    public IReadOnlyList<int> AttentionMask => _attentionMask;

    /// <summary>The parts that truncation cut off, in windows that overlap by the stride.</summary>
    public IReadOnlyList<TextEncoding> Overflowing => _overflowing;

    /// <summary>How many tokens there are.</summary>
    public int Length => _ids.Count;

    /// <summary>0 for tokens of the first text, 1 for the second; null for tokens that were added around.</summary>
    public IReadOnlyList<int?> SequenceIds
    {
        get
        {
            // As Hugging Face counts: where nothing is known, all belongs to the first; a second text alone is not looked for.
            var ids = new int?[Length];
            var count = Math.Max(1, _sequences.Count(range => range is not null));
            for (var sequence = 0; sequence < count; sequence++)
            {
                var (start, end) = _sequences[sequence] ?? (0, Length);
                for (var i = start; i < end; i++) ids[i] = sequence;
            }
            return ids;
        }
    }

    /// <summary>The token that has a code point of a text; null where none has.</summary>
    /// <param name="position">The code point.</param>
    /// <param name="sequence">The text: 0 or 1.</param>
    public int? CharToToken(int position, int sequence = 0)
    {
        var (start, end) = _sequences[sequence] ?? (0, Length);
        for (var i = start; i < end; i++)
        {
            if (position >= _offsets[i].Start && position < _offsets[i].End) return i;
        }
        return null;
    }

    /// <summary>The tokens of a word, the end excluded; null where it has none.</summary>
    /// <param name="word">The word.</param>
    /// <param name="sequence">The text: 0 or 1.</param>
    public (int Start, int End)? WordToTokens(int word, int sequence = 0)
    {
        var (start, end) = _sequences[sequence] ?? (0, Length);
        var first = -1;
        for (var i = start; i < end; i++)
        {
            if (_wordIds[i] == word && first < 0) first = i;
            if (first >= 0 && _wordIds[i] != word) return (first, i);
        }
        return first < 0 ? null : (first, end);
    }

    internal void Add(int id, int typeId, string token, (int Start, int End) offsets, int? word, bool isSpecial = false)
    {
        _ids.Add(id);
        _typeIds.Add(typeId);
        _tokens.Add(token);
        _offsets.Add(offsets);
        _wordIds.Add(word);
        _specialTokensMask.Add(isSpecial ? 1 : 0);
        _attentionMask.Add(1);
    }

    internal void SetTypeIds(int typeId)
    {
        for (var i = 0; i < Length; i++) _typeIds[i] = typeId;
    }

    internal void SetOffsets(int index, (int Start, int End) offsets) => _offsets[index] = offsets;

    internal void SetSequence(int sequence, int start, int end)
    {
        Array.Clear(_sequences);
        _sequences[sequence] = (start, end);
    }

    internal List<TextEncoding> OverflowingList => _overflowing;

    /// <summary>A copy without the overflowing parts.</summary>
    internal TextEncoding Slice(int start, int end)
    {
        var part = new TextEncoding();
        part.Append(this, start, end);
        return part;
    }

    internal TextEncoding Clone()
    {
        var copy = Slice(0, Length);
        Array.Copy(_sequences, copy._sequences, 2);
        copy._overflowing = [.. _overflowing];
        return copy;
    }

    /// <summary>Appends another; the overflowing parts of both are combined each with each.</summary>
    internal void MergeWith(TextEncoding other)
    {
        var combined = new List<TextEncoding>();
        foreach (var mine in _overflowing)
        {
            combined.Add(Merged(mine, other));
            foreach (var part in other._overflowing) combined.Add(Merged(mine, part));
        }
        foreach (var part in other._overflowing) combined.Add(Merged(this, part));
        for (var sequence = 0; sequence < 2; sequence++)
        {
            if (other._sequences[sequence] is { } range) _sequences[sequence] = (Length + range.Start, Length + range.End);
        }
        Append(other, 0, other.Length);
        _overflowing = combined;

        static TextEncoding Merged(TextEncoding first, TextEncoding second)
        {
            var both = first.Clone();
            both._overflowing = [];
            var rest = second.Clone();
            rest._overflowing = [];
            both.MergeWith(rest);
            return both;
        }
    }

    /// <summary>Leaves a length, and puts the rest into overflowing parts.</summary>
    /// <exception cref="ArgumentException">The stride is not below the length.</exception>
    internal void Truncate(int length, int stride, bool fromLeft)
    {
        if (length >= Length) return;
        if (length == 0)
        {
            var whole = Clone();
            Clear();
            _overflowing = [whole];
            return;
        }
        if (stride >= length)
            throw new ArgumentException($"stride is {stride}, expected less than the {length} tokens that are left of a text");
        var parts = new List<TextEncoding>();
        for (var moved = 0; ; moved += length - stride)
        {
            var start = fromLeft ? Math.Max(0, Length - moved - length) : moved;
            var end = fromLeft ? Length - moved : Math.Min(Length, moved + length);
            parts.Add(Slice(start, end));
            if (fromLeft ? start == 0 : end == Length) break;
        }
        Clear();
        Append(parts[0], 0, parts[0].Length);
        _overflowing = parts[1..];
    }

    internal void Pad(int length, SpecialToken token, int typeId, bool onLeft)
    {
        foreach (var part in _overflowing) part.Pad(length, token, typeId, onLeft);
        var missing = length - Length;
        if (missing <= 0) return;
        var at = onLeft ? 0 : Length;
        _ids.InsertRange(at, Enumerable.Repeat(token.Id, missing));
        _typeIds.InsertRange(at, Enumerable.Repeat(typeId, missing));
        _tokens.InsertRange(at, Enumerable.Repeat(token.Content, missing));
        _offsets.InsertRange(at, Enumerable.Repeat((0, 0), missing));
        _wordIds.InsertRange(at, Enumerable.Repeat<int?>(null, missing));
        _specialTokensMask.InsertRange(at, Enumerable.Repeat(1, missing));
        _attentionMask.InsertRange(at, Enumerable.Repeat(0, missing));
        if (!onLeft) return;
        for (var sequence = 0; sequence < 2; sequence++)
        {
            if (_sequences[sequence] is { } range) _sequences[sequence] = (range.Start + missing, range.End + missing);
        }
    }

    private void Append(TextEncoding other, int start, int end)
    {
        Copy(other._ids, _ids);
        Copy(other._typeIds, _typeIds);
        Copy(other._tokens, _tokens);
        Copy(other._offsets, _offsets);
        Copy(other._wordIds, _wordIds);
        Copy(other._specialTokensMask, _specialTokensMask);
        Copy(other._attentionMask, _attentionMask);

        void Copy<T>(List<T> from, List<T> to) => to.AddRange(CollectionsMarshal.AsSpan(from)[start..end]);
    }

    private void Clear()
    {
        _ids.Clear();
        _typeIds.Clear();
        _tokens.Clear();
        _offsets.Clear();
        _wordIds.Clear();
        _specialTokensMask.Clear();
        _attentionMask.Clear();
        Array.Clear(_sequences);
    }
}
