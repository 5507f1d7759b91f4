namespace NativeTrainer.Models.Tokenizers;

/// <summary>A piece of a <see cref="TemplateProcessing"/>: a text, or special tokens.</summary>
/// <param name="Sequence">The text, 0 or 1; null for special tokens.</param>
/// <param name="TypeId">The type id of its tokens.</param>
/// <param name="Tokens">The special tokens.</param>
internal sealed record TemplatePiece(int? Sequence, int TypeId, IReadOnlyList<SpecialToken> Tokens)
{
    public static TemplatePiece Text(int sequence, int typeId) => new(sequence, typeId, []);

    public static TemplatePiece Special(SpecialToken token, int typeId) => new(null, typeId, [token]);
}

/// <summary>Texts and special tokens in the order of a template, one for single texts and one for pairs.</summary>
internal sealed class TemplateProcessing(IReadOnlyList<TemplatePiece> single, IReadOnlyList<TemplatePiece> pair) : IPostProcessor
{
    public int AddedTokens(bool isPair) => (isPair ? pair : single).Sum(piece => piece.Tokens.Count);

    public List<TextEncoding> Process(List<TextEncoding> texts, bool addSpecialTokens)
    {
        var pieces = new List<TextEncoding>();
        foreach (var (sequence, typeId, tokens) in texts.Count == 2 ? pair : single)
        {
            if (sequence is { } index)
            {
                var text = texts[index].Clone(); // a template may have a text twice; overflowing parts keep their type ids, as in Hugging Face
                text.SetTypeIds(typeId);
                text.SetSequence(index, 0, text.Length);
                pieces.Add(text);
            }
            else if (addSpecialTokens)
            {
                var special = new TextEncoding();
                foreach (var token in tokens) special.Add(token.Id, typeId, token.Content, (0, 0), null, isSpecial: true);
                pieces.Add(special);
            }
        }
        return pieces;
    }
}

/// <summary>BERT's and RoBERTa's own post-processors: cls text sep, cls first sep [sep] second sep.</summary>
internal sealed class PairProcessing(SpecialToken cls, SpecialToken sep, bool isRoberta, bool trimsOffsets, bool addsPrefixSpace)
    : IPostProcessor
{
    public int AddedTokens(bool isPair) => isPair ? isRoberta ? 4 : 3 : 2;

    public List<TextEncoding> Process(List<TextEncoding> texts, bool addSpecialTokens)
    {
        foreach (var text in texts)
        {
            if (trimsOffsets) ByteLevelPostProcessor.Trim(text, addsPrefixSpace);
            if (isRoberta) text.SetTypeIds(0);
        }
        return addSpecialTokens ? [.. texts.Select((text, i) => Around(text, i))] : texts;
    }

    private TextEncoding Around(TextEncoding text, int sequence)
    {
        var typeId = isRoberta ? 0 : sequence;
        var whole = new TextEncoding();
        var hasFirst = sequence == 0 || isRoberta;
        if (hasFirst) Add(sequence == 0 ? cls : sep);
        var start = whole.Length;
        var inner = text.Slice(0, text.Length);
        if (isRoberta) inner.SetTypeIds(0);
        whole.MergeWith(inner);
        Add(sep);
        whole.SetSequence(sequence, start, start + text.Length);
        whole.OverflowingList.AddRange(text.Overflowing.Select(part => Around(part, sequence)));
        return whole;

        void Add(SpecialToken token) => whole.Add(token.Id, typeId, token.Content, (0, 0), null, isSpecial: true);
    }
}
