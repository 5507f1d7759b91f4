namespace NativeTrainer.Evaluation;

/// <summary>Precision, recall and F1 of entities in sequences of tags such as <c>B-PER I-PER O</c>, as seqeval counts them by default
/// (the rules of conlleval): an entity is right if its type, begin and end are.</summary>
public readonly record struct EntityScore(double Precision, double Recall, double F1)
{
    /// <summary>The score over all sequences.</summary>
    /// <param name="predictions">The tags of each sequence.</param>
    /// <param name="labels">The right tags, as many.</param>
    public static EntityScore Of(IReadOnlyList<IReadOnlyList<string>> predictions, IReadOnlyList<IReadOnlyList<string>> labels)
    {
        Accuracy.CheckLengths(predictions.Count, labels.Count);
        var (hits, predicted, wanted) = (0, 0, 0);
        for (var i = 0; i < labels.Count; i++)
        {
            var (found, right) = (Entities(predictions[i]), Entities(labels[i]));
            predicted += found.Count;
            wanted += right.Count;
            found.IntersectWith(right);
            hits += found.Count;
        }
        return new(Share(hits, predicted), Share(hits, wanted), F1Score.Of(hits, predicted, wanted));
    }

    /// <summary>The entities of a sequence: type, first and last place.</summary>
    internal static HashSet<(string Type, int First, int Last)> Entities(IReadOnlyList<string> tags)
    {
        var entities = new HashSet<(string, int, int)>();
        var (mark, type, first) = ('O', "", 0);
        for (var i = 0; i <= tags.Count; i++)
        {
            var (nextMark, nextType) = Split(i == tags.Count ? "O" : tags[i]);
            if (mark != 'O' && Ends(mark, nextMark, type != nextType)) entities.Add((type, first, i - 1));
            if (nextMark != 'O' && Begins(mark, nextMark, type != nextType)) first = i;
            (mark, type) = (nextMark, nextType);
        }
        return entities;
    }

    private static bool Ends(char mark, char next, bool isOther) => mark is 'E' or 'S' || next is 'B' or 'S' or 'O' || isOther;

    private static bool Begins(char mark, char next, bool isOther) => next is 'B' or 'S' || mark is 'E' or 'S' or 'O' || isOther;

    // A tag without a mark is all type, and its places belong together.
    private static (char Mark, string Type) Split(string tag)
    {
        if (tag is "O" or "") return ('O', "");
        if (tag is "B" or "I" or "E" or "S") return (tag[0], "_");
        return tag.Length > 1 && tag[1] == '-' && tag[0] is 'B' or 'I' or 'E' or 'S' ? (tag[0], tag[2..]) : ('I', tag);
    }

    private static double Share(int part, int whole) => whole == 0 ? 0 : part / (double)whole;
}
