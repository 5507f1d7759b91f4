namespace NativeTrainer.Data;

/// <summary>
/// Packs short texts into rows: whole texts end to end, up to a number of tokens, each seeing itself alone. Positions begin anew with each
/// text, <c>attention_mask</c> numbers the texts of a row from 1, and the first token of a text is no label, so that no text is asked to
/// foretell the next one. The loss of a packed row is that of its texts.
/// </summary>
/// <remarks>
/// A text goes into the first open row that has room; the fullest row is given out when more than <see cref="OpenRows"/> are open. Longer
/// texts are cut. Texts without tokens, and single tokens, from which nothing can be learned, are left out.
/// </remarks>
/// <param name="blockSize">Tokens of a row at most.</param>
internal sealed class TextPacker(int blockSize)
{
    public const int OpenRows = 64;

    /// <summary>The columns of the rows.</summary>
    public static readonly string[] Columns = ["input_ids", "attention_mask", "position_ids", "labels"];

    private readonly List<Row> _open = [];

    /// <summary>Adds a text; gives a row that is full enough, if there is one.</summary>
    public IEnumerable<DataRow> Add(int[] ids)
    {
        for (var start = 0; start < ids.Length - 1; start += blockSize)
        {
            var text = ids.AsMemory(start, Math.Min(blockSize, ids.Length - start));
            if (text.Length < 2) break;
            var row = _open.Find(open => open.Length + text.Length <= blockSize);
            if (row is null) _open.Add(row = new Row());
            row.Add(text);
            if (row.Length >= blockSize - 1)
            {
                _open.Remove(row);
                yield return row.Build();
            }
            else if (_open.Count > OpenRows)
            {
                var fullest = _open.MaxBy(open => open.Length)!;
                _open.Remove(fullest);
                yield return fullest.Build();
            }
        }
    }

    /// <summary>The rows that are still open.</summary>
    public IEnumerable<DataRow> Rest()
    {
        foreach (var row in _open) yield return row.Build();
        _open.Clear();
    }

    private sealed class Row
    {
        private readonly List<ReadOnlyMemory<int>> _texts = [];

        public int Length { get; private set; }

        public void Add(ReadOnlyMemory<int> text)
        {
            _texts.Add(text);
            Length += text.Length;
        }

        public DataRow Build()
        {
            int[] ids = new int[Length], mask = new int[Length], positions = new int[Length], labels = new int[Length];
            var (at, number) = (0, 0);
            foreach (var text in _texts)
            {
                number++;
                for (var i = 0; i < text.Length; i++, at++)
                {
                    (ids[at], mask[at], positions[at]) = (text.Span[i], number, i);
                    labels[at] = i == 0 ? -100 : text.Span[i];
                }
            }
            return new DataRow(Columns, [Whole(ids), Whole(mask), Whole(positions), Whole(labels)]);
        }

        private static Feature Whole(int[] values) => Feature.Of(values, 0, values.Length);
    }
}
