namespace NativeTrainer.Models.Tokenizers;

/// <summary>
/// Unicode's normal forms NFD, NFC, NFKD and NFKC (UAX 15) with what each code point stands for. .NET's own normalization tells no
/// positions and does nothing in invariant mode. The tables are of Unicode 9, which Hugging Face's tokenizers use.
/// </summary>
internal sealed class UnicodeNormalizer(bool isCompatible, bool composes) : INormalizer
{
    private readonly record struct Piece(int Point, int CombiningClass, int Change);

    [ThreadStatic]
    private static List<Piece>? _pieces;

    public static UnicodeNormalizer Decomposed { get; } = new(isCompatible: false, composes: false);

    public void Normalize(ref TextBuffer text, ref TextBuffer spare)
    {
        if (text.Points.IndexOfAnyInRange(0x80, int.MaxValue) < 0) return; // ASCII stays
        var pieces = _pieces ??= [];
        Decompose(text.Points, pieces);
        if (composes) Compose(pieces);
        TextChange.Apply(ref text, ref spare, pieces, piece => (piece.Point, piece.Change));
    }

    private void Decompose(ReadOnlySpan<int> points, List<Piece> pieces)
    {
        pieces.Clear();
        var pending = 0; // where the marks begin that are still to be sorted
        Span<int> hangul = stackalloc int[3];
        foreach (var point in points)
        {
            var parts = UnicodeTables.Decomposition(point, isCompatible, hangul);
            if (parts.IsEmpty) Add(point, isFirst: true);
            for (var i = 0; i < parts.Length; i++) Add(parts[i], i == 0);
        }
        Sort(pieces.Count);

        void Add(int point, bool isFirst)
        {
            var combining = UnicodeTables.CombiningClass(point);
            if (combining == 0) Sort(pieces.Count);
            pieces.Add(new(point, combining, isFirst ? 0 : 1));
            if (combining == 0) pending = pieces.Count;
        }

        void Sort(int end)
        {
            for (var i = pending + 1; i < end; i++) // few, and mostly in order
            {
                for (var k = i; k > pending && pieces[k - 1].CombiningClass > pieces[k].CombiningClass; k--)
                    (pieces[k - 1], pieces[k]) = (pieces[k], pieces[k - 1]);
            }
            pending = end;
        }
    }

    // Each mark that is not blocked joins the last starter, if there is a character for both; UAX 15, "canonical composition algorithm".
    private static void Compose(List<Piece> pieces)
    {
        var (starter, kept, lastClass) = (-1, 0, 0);
        for (var i = 0; i < pieces.Count; i++)
        {
            var piece = pieces[i];
            var isBlocked = starter < 0 || (kept > starter + 1 && lastClass >= piece.CombiningClass);
            if (!isBlocked && UnicodeTables.Compose(pieces[starter].Point, piece.Point) is var whole and > 0)
            {
                pieces[starter] = new(whole, 0, pieces[starter].Change + piece.Change - 1);
                continue;
            }
            if (piece.CombiningClass == 0) starter = kept;
            lastClass = piece.CombiningClass;
            pieces[kept++] = piece;
        }
        pieces.RemoveRange(kept, pieces.Count - kept);
    }
}
