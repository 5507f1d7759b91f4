using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Tokenizers;
using NativeTrainer.Tensors;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// Byte-level BPE, as GPT-2 has it: added tokens are cut out, the rest is cut into words, and each word's bytes are merged by
/// Microsoft.ML.Tokenizers. Without merges every byte is a token. The cutting is our own, because .NET's regular expressions know no
/// letters beyond U+FFFF.
/// </summary>
internal sealed class ByteLevelBpeTokenizer : ITokenizer
{
    private readonly ByteLevelBpe _source;
    private readonly BpeTokenizer? _merging; // null without merges
    private readonly int[] _bytes = new int[256];
    private readonly AddedTokens _added;
    private readonly Dictionary<int, string> _tokens;
    private readonly Dictionary<string, int> _ids;
    private readonly HashSet<int> _special;

    /// <exception cref="InvalidDataException">A byte has no token, or a merge makes a token that is not in the vocabulary.</exception>
    public ByteLevelBpeTokenizer(ByteLevelBpe source)
    {
        _source = source;
        for (var b = 0; b < 256; b++)
        {
            if (!source.Vocabulary.TryGetValue(ByteLevel.Character((byte)b).ToString(), out _bytes[b]))
                throw Wrong($"the byte 0x{b:x2} ('{ByteLevel.Character((byte)b)}') has no token");
        }
        foreach (var merge in source.Merges)
        {
            var parts = merge.Split(' ');
            if (parts.Length != 2 || !source.Vocabulary.ContainsKey(parts[0] + parts[1]))
                throw Wrong($"the merge '{merge}' makes no token of the vocabulary");
        }
        if (source.Merges.Count > 0)
            _merging = BpeTokenizer.Create(new BpeOptions(source.Vocabulary) { Merges = source.Merges, ByteLevel = true });
        _added = new(source.Added);
        _special = [.. source.Added.Where(t => t.IsSpecial).Select(t => t.Id)];
        _ids = new(source.Vocabulary);
        foreach (var token in source.Added) _ids[token.Content] = token.Id;
        _tokens = new(_ids.Count);
        foreach (var (token, id) in _ids) _tokens[id] = token;
        SpecialTokens = SpecialTokens.Of(source.Named, TokenToId);
    }

    public int VocabSize => _source.Vocabulary.Count;

    public int Length => _ids.Count;

    public int? ModelMaxLength => _source.ModelMaxLength;

    public SpecialTokens SpecialTokens { get; }

    public int? TokenToId(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    public string? IdToToken(int id) => _tokens.GetValueOrDefault(id);

    public void Encode(string text, List<int> ids, bool addSpecialTokens = true) // puts none around a text, so there are none to leave out
    {
        for (var from = 0; from < text.Length;)
        {
            var token = _added.Next(text, from, out var start, out var end);
            if (start > from) EncodePlain(text.AsSpan(from, start - from), ids);
            if (token is not null) ids.Add(token.Id);
            from = end;
        }
    }

    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false, bool? cleanUpTokenizationSpaces = null)
    {
        var bytes = new List<byte>(ids.Length * 4);
        foreach (var id in ids)
        {
            if (_tokens.TryGetValue(id, out var token) && !(skipSpecialTokens && _special.Contains(id)))
                ByteLevel.AppendBytes(token, bytes);
        }
        var text = Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes));
        return cleanUpTokenizationSpaces ?? _source.CleansUp ? CleanUp(text) : text;
    }

    public void SavePretrained(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, bytes) in _source.Files) AtomicFile.WriteAllBytes(Path.Combine(folder, name), bytes);
    }

    private void EncodePlain(ReadOnlySpan<char> text, List<int> ids)
    {
        if (_source.AddsPrefixSpace && text[0] != ' ') text = " " + text.ToString();
        if (_merging is null)
        {
            Span<byte> utf8 = stackalloc byte[4];
            foreach (var rune in text.EnumerateRunes())
            {
                foreach (var b in utf8[..rune.EncodeToUtf8(utf8)]) ids.Add(_bytes[b]);
            }
            return;
        }
        while (!text.IsEmpty)
        {
            var length = _source.CutsWords ? ByteLevel.WordLength(text) : text.Length;
            ids.AddRange(_merging.EncodeToIds(text[..length], considerPreTokenization: false, considerNormalization: false));
            text = text[length..];
        }
    }

    /// <summary>
    /// Takes out the blanks that word tokenizers leave before marks and contractions, as Hugging Face's <c>clean_up_tokenization</c> does.
    /// </summary>
    private static string CleanUp(string text) => text
        .Replace(" .", ".").Replace(" ?", "?").Replace(" !", "!").Replace(" ,", ",").Replace(" ' ", "'")
        .Replace(" n't", "n't").Replace(" 'm", "'m").Replace(" 's", "'s").Replace(" 've", "'ve").Replace(" 're", "'re");

    private InvalidDataException Wrong(string problem) => new($"{_source.Source}: {problem}");
}
