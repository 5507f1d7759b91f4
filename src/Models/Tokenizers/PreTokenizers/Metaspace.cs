namespace NativeTrainer.Models.Tokenizers;

/// <summary>Which words <see cref="Metaspace"/> puts its mark in front of.</summary>
internal enum PrependScheme
{
    Always,
    First,
    Never,
}

/// <summary>
/// Sentencepiece's: blanks become a mark (▁) that begins a word, and the text gets one in front. As a decoder it goes the other way.
/// </summary>
/// <param name="Replacement">The mark.</param>
/// <param name="Scheme">Where one is put in front.</param>
/// <param name="Splits">Whether the text is cut into words.</param>
/// <param name="FirstMeansStart">Whether "first" is what stands at the very start of the text, as newer files mean it; else the first part
/// that is no added token.</param>
internal sealed record Metaspace(int Replacement, PrependScheme Scheme, bool Splits = true, bool FirstMeansStart = false)
    : IPreTokenizer, IDecoder
{
    private readonly ClassPattern _pattern = new(point => point == Replacement);

    public void PreTokenize(PreTokenizedText text)
    {
        var isFirst = true;
        text.Rewrite((source, word, target) =>
        {
            var hasMark = source[word.Start] is var point && (point == Replacement || point == ' ');
            var wants = Scheme switch
            {
                PrependScheme.Always => true,
                PrependScheme.First => FirstMeansStart ? source.Start(word.Start) == 0 : isFirst,
                _ => false,
            };
            if (wants && !hasMark) target.Add(Replacement, source, word.Start);
            isFirst = false;
            for (var i = word.Start; i < word.End; i++) target.Add(source[i] == ' ' ? Replacement : source[i], source, i);
        });
        if (Splits) text.Split(_pattern, SplitBehavior.MergedWithNext);
    }

    public void Decode(List<string> tokens)
    {
        var mark = char.ConvertFromUtf32(Replacement);
        for (var i = 0; i < tokens.Count; i++)
            tokens[i] = tokens[i].Replace(mark, i == 0 && Scheme != PrependScheme.Never ? "" : " ");
    }
}
