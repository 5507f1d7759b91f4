using System.Buffers;
using System.Text;
using System.Text.Json;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>A token beside the model's own: it is found in a text before the model sees it.</summary>
/// <param name="Content">Its text.</param>
/// <param name="Id">Its id.</param>
/// <param name="IsSpecial">Whether decoding can leave it out.</param>
/// <param name="SingleWord">Whether it counts only where no letter or digit stands beside it.</param>
/// <param name="StripsLeft">Whether it takes in the white space before it.</param>
/// <param name="StripsRight">Whether it takes in the white space after it.</param>
internal sealed record AddedToken(string Content, int Id, bool IsSpecial, bool SingleWord = false, bool StripsLeft = false,
    bool StripsRight = false)
{
    public static AddedToken Read(TokenizerFile file, JsonElement element, int id)
    {
        if (!TokenizerFile.TryGet(element, "content", out var content) || content.GetString() is not { Length: > 0 } text)
            throw file.Wrong($"the added token {id} has no content");
        return new(
            text, id, file.Flag(element, "special", false), file.Flag(element, "single_word", false), file.Flag(element, "lstrip", false),
            file.Flag(element, "rstrip", false));
    }
}

/// <summary>The added tokens of a tokenizer, and the search for them: leftmost first, of those the longest.</summary>
internal sealed class AddedTokens
{
    private readonly AddedToken[] _longestFirst;
    private readonly SearchValues<string>? _contents;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        _longestFirst = [.. tokens.OrderByDescending(t => t.Content.Length)];
        _contents = _longestFirst.Length == 0
            ? null
            : SearchValues.Create([.. _longestFirst.Select(t => t.Content)], StringComparison.Ordinal);
    }

    public IReadOnlyList<AddedToken> All => _longestFirst;

    /// <summary>Finds the next added token.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where to begin; text before it is taken.</param>
    /// <param name="start">Where the token begins, with the white space that it takes in.</param>
    /// <param name="end">Where it ends.</param>
    /// <returns>The token; null where there is no more.</returns>
    public AddedToken? Next(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        (start, end) = (text.Length, text.Length);
        if (_contents is null) return null;
        for (var at = from; at < text.Length; at++)
        {
            var next = text[at..].IndexOfAny(_contents);
            if (next < 0) return null;
            at += next;
            foreach (var token in _longestFirst)
            {
                if (!text[at..].StartsWith(token.Content, StringComparison.Ordinal)) continue;
                if (token.SingleWord && !StandsAlone(text, at, at + token.Content.Length)) continue;
                (start, end) = (at, at + token.Content.Length);
                if (token.StripsLeft) start = from + text[from..start].TrimEnd().Length;
                if (token.StripsRight) end = text.Length - text[end..].TrimStart().Length;
                return token;
            }
        }
        return null;
    }

    private static bool StandsAlone(ReadOnlySpan<char> text, int start, int end)
    {
        return !(Rune.DecodeLastFromUtf16(text[..start], out var before, out _) == OperationStatus.Done && IsWord(before))
            && !(Rune.DecodeFromUtf16(text[end..], out var after, out _) == OperationStatus.Done && IsWord(after));

        static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || rune.Value == '_';
    }
}
