using System.Text;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>How a <see cref="BytePairEncoding"/> treats words.</summary>
internal sealed record BytePairOptions
{
    /// <summary>Stands for a character without a token; null: such a character is left out.</summary>
    public string? UnkToken { get; init; }

    /// <summary>Whether unknown characters side by side are one token.</summary>
    public bool FuseUnk { get; init; }

    /// <summary>Whether a character without a token becomes its bytes' tokens <c>&lt;0x..&gt;</c>.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a word that is a token is taken as it is, whatever the merges.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Stands before every character but the first.</summary>
    public string ContinuingSubwordPrefix { get; init; } = "";

    /// <summary>Stands after the last character.</summary>
    public string EndOfWordSuffix { get; init; } = "";
}

/// <summary>Byte-pair encoding (Sennrich et al. 2016, https://aclanthology.org/P16-1162): characters, merged pair by pair.</summary>
internal sealed class BytePairEncoding : ITokenModel
{
    private readonly BytePairOptions _options;
    private readonly int[] _byteTokens;
    private readonly Dictionary<int, int> _plain = []; // tokens of one code point

    [ThreadStatic]
    private static MergeWord? _word;

    /// <exception cref="InvalidDataException">A merge is of or makes a token that is not in the vocabulary.</exception>
    public BytePairEncoding(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> merges, BytePairOptions options)
    {
        (Vocabulary, _options, _byteTokens) = (vocabulary, options, vocabulary.ByteTokens());
        foreach (var (token, id) in vocabulary.All)
        {
            if (Rune.TryGetRuneAt(token is "" || char.IsLowSurrogate(token[0]) ? " " : token, 0, out var rune)
                && rune.Utf16SequenceLength == token.Length) _plain[rune.Value] = id;
        }
        var table = new List<(int, int, int)>(merges.Count);
        foreach (var (left, right) in merges)
        {
            var prefix = options.ContinuingSubwordPrefix.Length;
            if (vocabulary.IdOf(left) is not { } leftId || vocabulary.IdOf(right) is not { } rightId || right.Length < prefix
                || vocabulary.IdOf(left + right[prefix..]) is not { } merged)
            {
                throw new InvalidDataException(
                    $"{vocabulary.Source}: the merge '{left} {right}' is of or makes a token that is not in the vocabulary");
            }
            table.Add((leftId, rightId, merged));
        }
        Merges = new(table);
    }

    public Vocabulary Vocabulary { get; }

    public BytePairOptions Options => _options;

    public MergeTable Merges { get; }

    public void Tokenize(ReadOnlySpan<int> word, List<Token> tokens)
    {
        if (_options.IgnoreMerges && Vocabulary.IdOf(Spell(word)) is { } whole)
        {
            tokens.Add(new(whole, 0, word.Length));
            return;
        }
        var symbols = _word ??= new();
        symbols.Clear();
        AddSymbols(word, symbols);
        symbols.Merge(Merges);
        AddTokens(word, symbols, tokens);
    }

    private void AddSymbols(ReadOnlySpan<int> word, MergeWord symbols)
    {
        var hasAffixes = _options.ContinuingSubwordPrefix.Length > 0 || _options.EndOfWordSuffix.Length > 0;
        var (unknown, unknownLength) = (-1, 0);
        for (var i = 0; i < word.Length; i++)
        {
            var length = UnicodeClasses.Utf8Length(word[i]);
            var spelling = hasAffixes ? Spell(word, i) : null;
            var id = spelling is null ? _plain.GetValueOrDefault(word[i], -1) : Vocabulary.IdOf(spelling) ?? -1;
            if (id >= 0)
            {
                if (unknown >= 0) symbols.Add(unknown, unknownLength);
                unknown = -1;
                symbols.Add(id, length);
                continue;
            }
            if (_options.ByteFallback && AddBytes(spelling ?? char.ConvertFromUtf32(word[i]), symbols)) continue;
            if (_options.UnkToken is null) continue;
            if (unknown >= 0 && _options.FuseUnk)
            {
                unknownLength += length;
                continue;
            }
            if (unknown >= 0) symbols.Add(unknown, unknownLength);
            (unknown, unknownLength) = (Vocabulary.Unknown(_options.UnkToken), length);
        }
        if (unknown >= 0) symbols.Add(unknown, unknownLength);
    }

    private bool AddBytes(string spelling, MergeWord symbols)
    {
        var bytes = Encoding.UTF8.GetBytes(spelling);
        if (!Array.TrueForAll(bytes, b => _byteTokens[b] >= 0)) return false;
        foreach (var b in bytes) symbols.Add(_byteTokens[b], 1);
        return true;
    }

    // Lengths are bytes: a token covers every code point that it has a byte of.
    private static void AddTokens(ReadOnlySpan<int> word, MergeWord symbols, List<Token> tokens)
    {
        var (point, pointEnd, at) = (0, UnicodeClasses.Utf8Length(word[0]), 0);
        for (var i = 0; i < symbols.Count; i++)
        {
            while (at >= pointEnd && point + 1 < word.Length) pointEnd += UnicodeClasses.Utf8Length(word[++point]);
            var start = point;
            at += symbols.Length(i);
            while (at > pointEnd && point + 1 < word.Length) pointEnd += UnicodeClasses.Utf8Length(word[++point]);
            tokens.Add(new(symbols.Id(i), start, point + 1));
        }
    }

    private string Spell(ReadOnlySpan<int> word, int at) => (at > 0 ? _options.ContinuingSubwordPrefix : "")
        + char.ConvertFromUtf32(word[at]) + (at == word.Length - 1 ? _options.EndOfWordSuffix : "");

    private static string Spell(ReadOnlySpan<int> word)
    {
        var text = new StringBuilder(word.Length);
        foreach (var point in word) text.Append(new Rune(point));
        return text.ToString();
    }
}
