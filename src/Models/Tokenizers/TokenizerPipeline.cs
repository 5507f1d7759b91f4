using System.Runtime.InteropServices;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// One text on its way: added tokens are cut out, the rest is normalized, cut into words and given to the model. Safe for several threads;
/// each keeps the words that it has seen.
/// </summary>
internal sealed class TokenizerPipeline
{
    private readonly TokenizerParts _parts;
    private readonly AddedTokens _raw;
    private readonly AddedTokens _normalized;
    private readonly ByteLevelEncoder? _byteLevel;
    private readonly ThreadLocal<TokenizationState> _states = new(() => new());

    public TokenizerPipeline(TokenizerParts parts)
    {
        _parts = parts;
        _raw = new(parts.Added.Where(token => !token.IsNormalized).Select(token => (token.Content, token)));
        _normalized = new(parts.Added.Where(token => token.IsNormalized).Select(token => (Normalize(token.Content), token)));
        _byteLevel = ByteLevelEncoder.TryCreate(parts);
    }

    /// <summary>Appends the ids of a text, without tokens around it.</summary>
    public void Encode(string text, List<int> ids)
    {
        var state = _states.Value!;
        if (_byteLevel is not null)
        {
            EncodeByteLevel(text, ids, state, _raw, isLast: _normalized.IsEmpty);
            return;
        }
        Prepare(text, state);
        foreach (var word in state.Text.Words)
        {
            if (word.IsToken) ids.Add(word.Token);
            else foreach (var token in Tokenize(word, state)) ids.Add(token.Id);
        }
    }

    /// <summary>A text with all that is known of its tokens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="typeId">The type of its tokens.</param>
    /// <param name="encoding">Where the tokens go.</param>
    /// <param name="wordId">The word that all tokens are of; null: as the text is cut.</param>
    public void Encode(string text, int typeId, TextEncoding encoding, int? wordId = null)
    {
        var state = _states.Value!;
        Prepare(text, state);
        var words = state.Text.Words;
        var buffer = state.Text.Text;
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word.IsToken)
            {
                encoding.Add(word.Token, typeId, buffer.ToString(word.Start, word.End), (buffer.Start(word.Start), buffer.End(word.End - 1)),
                    wordId ?? i);
                continue;
            }
            foreach (var token in Tokenize(word, state))
            {
                var (start, end) = (word.Start + token.Start, word.Start + token.End);
                var spelling = token.IsSurface ? buffer.ToString(start, end) : _parts.Model.Vocabulary.TokenOf(token.Id)!;
                encoding.Add(token.Id, typeId, spelling, (buffer.Start(start), buffer.End(end - 1)), wordId ?? i);
            }
        }
    }

    private void EncodeByteLevel(ReadOnlySpan<char> text, List<int> ids, TokenizationState state, AddedTokens added, bool isLast)
    {
        for (var from = 0; from < text.Length;)
        {
            var token = added.Next(text, from, out var start, out var end);
            if (start > from)
            {
                if (isLast) _byteLevel!.Encode(text[from..start], ids, state);
                else EncodeByteLevel(text[from..start], ids, state, _normalized, isLast: true);
            }
            if (token is not null) ids.Add(token.Id);
            from = end;
        }
    }

    private ReadOnlySpan<Token> Tokenize(Word word, TokenizationState state)
    {
        var points = state.Text.Text.Points[word.Start..word.End];
        if (points.Length <= WordCache<int, Token>.LongestWord && state.Words.TryGet(points, out var hash, out var known)) return known;
        state.Tokens.Clear();
        _parts.Model.Tokenize(points, state.Tokens);
        var tokens = CollectionsMarshal.AsSpan(state.Tokens);
        if (points.Length <= WordCache<int, Token>.LongestWord)
        {
            state.Words.TryGet(points, out hash, out _);
            state.Words.Add(points, hash, tokens);
        }
        return tokens;
    }

    /// <summary>Cuts a text into words and added tokens.</summary>
    public PreTokenizedText PreTokenize(string text)
    {
        var state = _states.Value!;
        Prepare(text, state);
        return state.Text;
    }

    private void Prepare(string text, TokenizationState state)
    {
        state.Text.Clear();
        var at = 0; // in code points
        for (var from = 0; from < text.Length;)
        {
            var token = _raw.Next(text, from, out var start, out var end);
            if (start > from)
            {
                state.Part.Clear();
                at += state.Part.Decode(text.AsSpan(from, start - from), at);
                AddNormalized(state);
            }
            if (token is not null)
            {
                state.Part.Clear();
                at += state.Part.Decode(text.AsSpan(start, end - start), at);
                state.Text.Add(state.Part, 0, state.Part.Count, token.Id);
            }
            from = end;
        }
        _parts.PreTokenizer?.PreTokenize(state.Text);
    }

    private void AddNormalized(TokenizationState state)
    {
        _parts.Normalizer?.Normalize(ref state.Part, ref state.Spare);
        var part = state.Part;
        if (_normalized.IsEmpty)
        {
            state.Text.Add(part, 0, part.Count);
            return;
        }
        var text = part.ToString(0, part.Count);
        var (point, character) = (0, 0);
        for (var from = 0; from < text.Length;)
        {
            var token = _normalized.Next(text, from, out var start, out var end);
            var (first, last) = (PointAt(start), PointAt(end));
            state.Text.Add(part, PointAt(from), first);
            if (token is not null) state.Text.Add(part, first, last, token.Id);
            from = end;
        }

        int PointAt(int place)
        {
            if (place < character) (point, character) = (0, 0);
            for (; character < place; point++) character += part[point] > 0xFFFF ? 2 : 1;
            return point;
        }
    }

    private string Normalize(string text)
    {
        var (buffer, spare) = (new TextBuffer(), new TextBuffer());
        buffer.Decode(text, 0);
        _parts.Normalizer?.Normalize(ref buffer, ref spare);
        return buffer.ToString(0, buffer.Count);
    }
}
