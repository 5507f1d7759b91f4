using System.Buffers;
using System.Text;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// Byte-level BPE without detours: words are cut from the UTF-16 text and looked up among those seen before; only new ones become bytes
/// that are merged. Ids alone, no offsets; allocates nothing for a word.
/// </summary>
internal sealed class ByteLevelEncoder
{
    private readonly BytePairEncoding _model;
    private readonly int[] _bytes = new int[256];
    private readonly bool _addsPrefixSpace;
    private readonly WordCutter? _cutter; // null: a text is one word

    private ByteLevelEncoder(BytePairEncoding model, bool addsPrefixSpace, WordCutter? cutter) =>
        (_model, _addsPrefixSpace, _cutter) = (model, addsPrefixSpace, cutter);

    /// <summary>The encoder for a tokenizer; null where it is no plain byte-level BPE.</summary>
    public static ByteLevelEncoder? TryCreate(TokenizerParts parts)
    {
        if (parts.Normalizer is not null || parts.Model is not BytePairEncoding model
            || model.Options is not { ContinuingSubwordPrefix: "", EndOfWordSuffix: "", ByteFallback: false }) return null;
        var encoder = parts.PreTokenizer switch
        {
            ByteLevelPreTokenizer level => new ByteLevelEncoder(model, level.AddsPrefixSpace, level.CutsWords ? ByteLevel.WordLength : null),
            SequencePreTokenizer { Parts: [SplitPreTokenizer { IsolatingRegex: { } regex },
                ByteLevelPreTokenizer { AddsPrefixSpace: false, CutsWords: false }] }
                when WordCutters.Find(regex) is { } cutter => new ByteLevelEncoder(model, false, cutter),
            _ => null,
        };
        for (var b = 0; b < 256 && encoder is not null; b++)
        {
            if (model.Vocabulary.IdOf(ByteLevel.Character((byte)b).ToString()) is not { } id) return null;
            encoder._bytes[b] = id;
        }
        return encoder;
    }

    /// <summary>Appends the ids of a text that has no added tokens.</summary>
    public void Encode(ReadOnlySpan<char> text, List<int> ids, TokenizationState state)
    {
        if (!_addsPrefixSpace || text[0] == ' ')
        {
            EncodeWords(text, ids, state);
            return;
        }
        var rented = ArrayPool<char>.Shared.Rent(text.Length + 1);
        rented[0] = ' ';
        text.CopyTo(rented.AsSpan(1));
        EncodeWords(rented.AsSpan(0, text.Length + 1), ids, state);
        ArrayPool<char>.Shared.Return(rented);
    }

    private void EncodeWords(ReadOnlySpan<char> text, List<int> ids, TokenizationState state)
    {
        var words = state.ByteLevelWords;
        while (!text.IsEmpty)
        {
            var length = _cutter is null ? text.Length : _cutter(text);
            var word = text[..length];
            text = text[length..];
            if (length > WordCache<char, int>.LongestWord)
            {
                Merge(word, ids, state);
                continue;
            }
            if (words.TryGet(word, out var hash, out var known))
            {
                ids.AddRange(known);
                continue;
            }
            var first = ids.Count;
            Merge(word, ids, state);
            words.Add(word, hash, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids)[first..]);
        }
    }

    private void Merge(ReadOnlySpan<char> word, List<int> ids, TokenizationState state)
    {
        if (_model.Options.IgnoreMerges && WholeWord(word) is { } whole)
        {
            ids.Add(whole);
            return;
        }
        var symbols = state.Symbols;
        symbols.Clear();
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in word.EnumerateRunes())
        {
            foreach (var b in utf8[..rune.EncodeToUtf8(utf8)]) symbols.Add(_bytes[b], 1);
        }
        symbols.Merge(_model.Merges);
        for (var i = 0; i < symbols.Count; i++) ids.Add(symbols.Id(i));
    }

    private int? WholeWord(ReadOnlySpan<char> word)
    {
        var spelling = new StringBuilder(word.Length);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in word.EnumerateRunes())
        {
            foreach (var b in utf8[..rune.EncodeToUtf8(utf8)]) spelling.Append(ByteLevel.Character(b));
        }
        return _model.Vocabulary.IdOf(spelling.ToString());
    }
}
