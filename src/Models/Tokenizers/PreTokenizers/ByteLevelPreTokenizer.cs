using System.Text;

namespace NativeTrainer.Models.Tokenizers;

/// <summary>GPT-2's: a blank in front if that is wanted, words by its pattern, bytes as characters. See <see cref="ByteLevel"/>.</summary>
internal sealed record ByteLevelPreTokenizer(bool AddsPrefixSpace, bool CutsWords) : IPreTokenizer, IPattern
{
    public void PreTokenize(PreTokenizedText text)
    {
        if (AddsPrefixSpace)
        {
            text.Rewrite(static (source, word, target) =>
            {
                if (source[word.Start] != ' ') target.Add(' ', source, word.Start);
                target.Add(source, word.Start, word.End);
            });
        }
        if (CutsWords) text.Split(this, SplitBehavior.Isolated);
        text.Rewrite(ToCharacters);
    }

    void IPattern.Find(ReadOnlySpan<int> text, List<PatternMatch> matches)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = ByteLevel.WordLength(text[at..]);
            matches.Add(new(at, at + length, true));
            at += length;
        }
    }

    private static void ToCharacters(TextBuffer source, Word word, TextBuffer target)
    {
        Span<byte> bytes = stackalloc byte[4];
        for (var i = word.Start; i < word.End; i++)
        {
            foreach (var b in bytes[..new Rune(source[i]).EncodeToUtf8(bytes)]) target.Add(ByteLevel.Character(b), source, i);
        }
    }
}
