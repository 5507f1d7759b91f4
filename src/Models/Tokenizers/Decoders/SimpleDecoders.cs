using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>Bytes of <see cref="ByteLevel"/>'s characters; what is no UTF-8 becomes U+FFFD.</summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    public void Decode(List<string> tokens)
    {
        var bytes = new List<byte>(tokens.Count * 4);
        foreach (var token in tokens) ByteLevel.AppendBytes(token, bytes);
        tokens.Clear();
        tokens.Add(Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes)));
    }
}

/// <summary>Blanks between tokens, none before those with the prefix of continuing ones, which is taken off.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleansUp) : IDecoder
{
    public void Decode(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0) tokens[i] = tokens[i].StartsWith(prefix, StringComparison.Ordinal) ? tokens[i][prefix.Length..] : " " + tokens[i];
            if (cleansUp) tokens[i] = CleanUp(tokens[i]);
        }
    }

    /// <summary>Takes out the blanks before marks and contractions.</summary>
    public static string CleanUp(string text) => text
        .Replace(" .", ".").Replace(" ?", "?").Replace(" !", "!").Replace(" ,", ",").Replace(" ' ", "'").Replace(" n't", "n't")
        .Replace(" 'm", "'m").Replace(" do not", " don't").Replace(" 's", "'s").Replace(" 've", "'ve").Replace(" 're", "'re");
}

/// <summary>Blanks instead of the suffix that ends a word.</summary>
internal sealed class BpeDecoder(string suffix) : IDecoder
{
    public void Decode(List<string> tokens)
    {
        for (var i = 0; suffix.Length > 0 && i < tokens.Count; i++)
            tokens[i] = tokens[i].Replace(suffix, i == tokens.Count - 1 ? "" : " ");
    }
}

/// <summary>Joins runs of byte tokens <c>&lt;0x..&gt;</c>; those that are no UTF-8 become U+FFFD each.</summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public void Decode(List<string> tokens)
    {
        var bytes = new List<byte>();
        var kept = new List<string>(tokens.Count);
        foreach (var token in tokens)
        {
            if (token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
                && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
            {
                bytes.Add(b);
                continue;
            }
            Flush();
            kept.Add(token);
        }
        Flush();
        tokens.Clear();
        tokens.AddRange(kept);

        void Flush()
        {
            if (bytes.Count == 0) return;
            try
            {
                kept.Add(Strict.GetString(CollectionsMarshal.AsSpan(bytes)));
            }
            catch (DecoderFallbackException)
            {
                for (var i = 0; i < bytes.Count; i++) kept.Add("\uFFFD");
            }
            bytes.Clear();
        }
    }
}

/// <summary>Joins all tokens.</summary>
internal sealed class FuseDecoder : IDecoder
{
    public void Decode(List<string> tokens)
    {
        var text = string.Concat(tokens);
        tokens.Clear();
        tokens.Add(text);
    }
}

/// <summary>Takes at most so many of a character off the ends of each token.</summary>
internal sealed class StripDecoder(string content, int start, int stop) : IDecoder
{
    public void Decode(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            for (var n = 0; n < start && token.StartsWith(content, StringComparison.Ordinal); n++) token = token[content.Length..];
            for (var n = 0; n < stop && token.EndsWith(content, StringComparison.Ordinal); n++) token = token[..^content.Length];
            tokens[i] = token;
        }
    }
}

/// <summary>Replaces what a pattern finds in each token.</summary>
internal sealed class ReplaceDecoder(IPattern pattern, string content) : IDecoder
{
    public void Decode(List<string> tokens)
    {
        var matches = new List<PatternMatch>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var points = tokens[i].EnumerateRunes().Select(rune => rune.Value).ToArray();
            matches.Clear();
            pattern.Find(points, matches);
            if (!matches.Exists(match => match.IsMatch)) continue;
            tokens[i] = string.Concat(matches.Select(match => match.IsMatch
                ? content
                : string.Concat(points[match.Start..match.End].Select(char.ConvertFromUtf32))));
        }
    }
}

/// <summary>Connectionist temporal classification: repeated tokens are one, padding is nothing.</summary>
internal sealed class CtcDecoder(string padToken, string wordDelimiter, bool cleansUp) : IDecoder
{
    public void Decode(List<string> tokens)
    {
        var kept = new List<string>();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && tokens[i] == tokens[i - 1]) continue;
            var token = padToken.Length > 0 ? tokens[i].Replace(padToken, "") : tokens[i];
            if (cleansUp)
            {
                token = WordPieceDecoder.CleanUp(token);
                if (wordDelimiter.Length > 0) token = token.Replace(wordDelimiter, " ");
            }
            if (token.Length > 0) kept.Add(token);
        }
        tokens.Clear();
        tokens.AddRange(kept);
    }
}
