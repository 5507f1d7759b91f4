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
/// <param name="IsNormalized">Whether it is looked for in the normalized text, in its own normalized form.</param>
internal sealed record AddedToken(string Content, int Id, bool IsSpecial, bool SingleWord = false, bool StripsLeft = false,
    bool StripsRight = false, bool IsNormalized = false)
{
    public static AddedToken Read(TokenizerFile file, JsonElement element, int id)
    {
        if (!TokenizerFile.TryGet(element, "content", out var content) || content.ValueKind != JsonValueKind.String)
            throw file.Wrong($"the added token {id} has no content");
        var isSpecial = file.Flag(element, "special", false);
        return new(
            content.GetString()!, id, isSpecial, file.Flag(element, "single_word", false), file.Flag(element, "lstrip", false),
            file.Flag(element, "rstrip", false), file.Flag(element, "normalized", !isSpecial));
    }
}

/// <summary>Added tokens, and the search for them: leftmost first, of those the longest.</summary>
internal sealed class AddedTokens
{
    private readonly (string Spelling, AddedToken Token)[] _longestFirst;
    private readonly SearchValues<string>? _spellings;

    /// <param name="tokens">The tokens and how they are spelt in the texts that are searched.</param>
    public AddedTokens(IEnumerable<(string Spelling, AddedToken Token)> tokens)
    {
        _longestFirst = [.. tokens.Where(t => t.Spelling.Length > 0).OrderByDescending(t => t.Spelling.Length)];
        _spellings = _longestFirst.Length == 0
            ? null
            : SearchValues.Create([.. _longestFirst.Select(t => t.Spelling)], StringComparison.Ordinal);
    }

    public bool IsEmpty => _spellings is null;

    /// <summary>Finds the next added token.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where to begin; text before it is taken.</param>
    /// <param name="start">Where the token begins, with the white space that it takes in.</param>
    /// <param name="end">Where it ends.</param>
    /// <returns>The token; null where there is no more.</returns>
    public AddedToken? Next(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        (start, end) = (text.Length, text.Length);
        for (var at = from; _spellings is not null && at < text.Length;)
        {
            var next = text[at..].IndexOfAny(_spellings);
            if (next < 0) return null;
            at += next;
            var (spelling, token) = Longest(text[at..]);
            if (token.SingleWord && !StandsAlone(text, at, at + spelling.Length))
            {
                at += spelling.Length;
                continue;
            }
            (start, end) = (at, at + spelling.Length);
            if (token.StripsLeft) start = from + text[from..start].TrimEnd().Length;
            if (token.StripsRight) end = text.Length - text[end..].TrimStart().Length;
            return token;
        }
        return null;
    }

    private (string Spelling, AddedToken Token) Longest(ReadOnlySpan<char> text)
    {
        foreach (var token in _longestFirst)
        {
            if (text.StartsWith(token.Spelling, StringComparison.Ordinal)) return token;
        }
        throw new InvalidOperationException("a token that was found is not there");
    }

    private static bool StandsAlone(ReadOnlySpan<char> text, int start, int end) =>
        !(Rune.DecodeLastFromUtf16(text[..start], out var before, out _) == OperationStatus.Done && UnicodeClasses.IsWord(before.Value))
        && !(Rune.DecodeFromUtf16(text[end..], out var after, out _) == OperationStatus.Done && UnicodeClasses.IsWord(after.Value));
}
