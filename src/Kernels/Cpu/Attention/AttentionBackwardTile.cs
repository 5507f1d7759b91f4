using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Backward work of one range of keys of one key head. For a panel of queries and a block of keys, with P the probabilities and dP = V·dOᵀ:
/// dS = P∘(dP - rowsum(dO∘O)), dV += P·dO, dK += dS·Q, dQ += dSᵀ·K.
/// </summary>
internal unsafe struct AttentionBackwardTile<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Queries that share a block of keys and values while it is in the cache.</summary>
    public const int QueriesPerTile = 128;

    private readonly AttentionProblem<T> _problem;
    private readonly AttentionGradients<T> _gradients;
    private readonly nint _batch, _keyHead, _key, _keyEnd;

    // HeadSize filled up to whole vectors: rows of what is multiplied from the right.
    private readonly nint _padded;

    private nint _head;
    private AttentionScores<V, T> _scorer;
    private T* _keyGradient, _valueGradient, _keyRows;
    private T* _panels, _scores, _scoreGradients, _maskPanel;
    private nint _keyRow;

    public AttentionBackwardTile(
        in AttentionProblem<T> problem, in AttentionGradients<T> gradients, nint batch, nint keyHead, nint key, nint keyEnd)
    {
        _problem = problem;
        _gradients = gradients;
        (_batch, _keyHead, _key, _keyEnd) = (batch, keyHead, key, keyEnd);
        _padded = Partition.Parts(problem.HeadSize, V.Count) * V.Count;
    }

    /// <summary>Elements of working memory that <see cref="Begin"/> wants.</summary>
    public readonly nint WorkingSize =>
        (KeysFit ? 2 : 3) * (_keyEnd - _key) * _padded + QueriesPerTile / Width * PanelSize + 3 * BlockSize;

    /// <summary>Clears the gradients of keys and values.</summary>
    public void Begin(T* memory)
    {
        nint size = (_keyEnd - _key) * _padded;
        _keyGradient = memory;
        _valueGradient = _keyGradient + size;
        _keyRows = _valueGradient + size;
        _panels = KeysFit ? _keyRows : _keyRows + size;
        _scores = _panels + QueriesPerTile / Width * PanelSize;
        _scoreGradients = _scores + BlockSize;
        _maskPanel = _scoreGradients + BlockSize;
        Clear(_keyGradient, 2 * size);

        T* key = _problem.Key.At(_batch, _keyHead) + _key * _problem.Key.Row;
        if (!KeysFit) CopyRows(key, _problem.Key.Row, _keyEnd - _key, T.One, _keyRows);
        else _keyRows = key;
        _keyRow = KeysFit ? _problem.Key.Row : _padded;
    }

    /// <summary>Turns to a query head of the key head's group.</summary>
    public void SelectHead(nint head)
    {
        _head = head;
        _scorer = new AttentionScores<V, T>(_problem, _batch, head, _maskPanel);
    }

    /// <summary>Collects what queries [query, queryEnd) give to keys and values, and writes their own gradient from these keys.</summary>
    public readonly void RunQueries(nint query, nint queryEnd, T* queryGradient, nint queryGradientRow)
    {
        nint panels = Partition.Parts(queryEnd - query, Width);
        for (nint p = 0; p < panels; p++) Prepare(query + p * Width, Count(query, queryEnd, p), new Panel(this, p));

        for (nint key = _key; key < Math.Min(_keyEnd, _problem.KeysSeenBy(queryEnd - 1)); key += AttentionScores<V, T>.KeysPerBlock)
        {
            for (nint p = 0; p < panels; p++)
            {
                nint first = query + p * Width;
                int count = Count(query, queryEnd, p);
                nint end = Math.Min(Math.Min(_keyEnd, key + AttentionScores<V, T>.KeysPerBlock), _problem.KeysSeenBy(first + count - 1));
                if (end > key) RunBlock(new Panel(this, p), first, count, key, end - key);
            }
        }

        for (nint p = 0; p < panels; p++)
        {
            T* from = new Panel(this, p).Gradient;
            for (nint i = 0; i < Count(query, queryEnd, p); i++)
            {
                T* to = queryGradient + (query + p * Width + i) * queryGradientRow;
                Elementwise.MapRight<T, MultiplyOperator>(from + i * _padded, _problem.Scale, to, _problem.HeadSize);
            }
        }
    }

    /// <summary>Writes what was collected.</summary>
    public readonly void WriteKeyAndValue()
    {
        T* key = _gradients.Key.At(_batch, _keyHead), value = _gradients.Value.At(_batch, _keyHead);
        for (nint i = _key; i < _keyEnd; i++)
        {
            nint at = (i - _key) * _padded;
            int size = (int)_problem.HeadSize;
            new Span<T>(_keyGradient + at, size).CopyTo(new Span<T>(key + i * _gradients.Key.Row, size));
            new Span<T>(_valueGradient + at, size).CopyTo(new Span<T>(value + i * _gradients.Value.Row, size));
        }
    }

    private static int Width => AttentionScores<V, T>.Queries;

    private static int BlockSize => AttentionScores<V, T>.KeysPerBlock * Width;

    private readonly bool KeysFit => _padded == _problem.HeadSize;

    private readonly nint PanelSize => 2 * _problem.HeadSize * Width + 3 * Width * _padded + 3 * Width;

    private static int Count(nint query, nint queryEnd, nint p) => (int)Math.Min(Width, queryEnd - query - p * Width);

    private readonly void Prepare(nint first, int count, in Panel panel)
    {
        nint size = _problem.HeadSize, outputRow = _problem.Output.Row, gradientRow = _gradients.Output.Row, queryRow = _problem.Query.Row;
        T* query = _problem.Query.At(_batch, _head) + first * queryRow;
        T* output = _problem.Output.At(_batch, _head) + first * outputRow;
        T* gradient = _gradients.Output.At(_batch, _head) + first * gradientRow;
        AttentionScores<V, T>.PackColumns(query, queryRow, count, size, _problem.Scale, panel.QueryColumns);
        AttentionScores<V, T>.PackColumns(gradient, gradientRow, count, size, T.One, panel.OutputColumns);
        CopyRows(query, queryRow, count, _problem.Scale, panel.QueryRows);
        CopyRows(gradient, gradientRow, count, T.One, panel.OutputRows);
        Clear(panel.Gradient, Width * _padded);

        Clear(panel.Max, 3 * Width);
        nint at = (_batch * _problem.Heads + _head) * _problem.Queries + first;
        for (int i = 0; i < count; i++)
        {
            T max = _problem.RowMax[at + i], sum = _problem.RowSum[at + i];
            panel.Max[i] = T.IsNegativeInfinity(max) ? T.Zero : max;
            panel.InverseSum[i] = sum == T.Zero ? T.Zero : T.One / sum;
            panel.Mean[i] = Dot(output + i * outputRow, gradient + i * gradientRow, size);
        }
    }

    private readonly void RunBlock(in Panel panel, nint first, int count, nint key, nint keys)
    {
        nint size = _problem.HeadSize, valueRow = _problem.Value.Row, at = (key - _key) * _padded;
        T* value = _problem.Value.At(_batch, _keyHead) + key * valueRow;
        _scorer.Compute(panel.QueryColumns, first, count, key, keys, _scores);
        SmallProduct<V, T>.Run(keys, Width, size, value, valueRow, 1, panel.OutputColumns, Width, _scoreGradients, Width, T.Zero);
        Differentiate(panel, keys);
        if (_gradients.Mask.Pointer != null) AddToMask(first, count, key, keys);

        T* valueGradient = _valueGradient + at, keyGradient = _keyGradient + at, rows = _keyRows + (key - _key) * _keyRow;
        SmallProduct<V, T>.Run(keys, _padded, count, _scores, Width, 1, panel.OutputRows, _padded, valueGradient, _padded, T.One);
        SmallProduct<V, T>.Run(keys, _padded, count, _scoreGradients, Width, 1, panel.QueryRows, _padded, keyGradient, _padded, T.One);
        SmallProduct<V, T>.Run(count, _padded, keys, _scoreGradients, 1, Width, rows, _keyRow, panel.Gradient, _padded, T.One);
    }

    // Scores become probabilities, their gradients (as dP) those of the scores.
    private readonly void Differentiate(in Panel panel, nint keys)
    {
        for (int lane = 0; lane < Width; lane += V.Count)
        {
            V max = V.Load(panel.Max + lane), inverse = V.Load(panel.InverseSum + lane), mean = V.Load(panel.Mean + lane);
            T* scores = _scores + lane, gradients = _scoreGradients + lane;
            for (nint j = 0; j < keys; j++, scores += Width, gradients += Width)
            {
                V p = VectorMath.Exp<V, T>(V.Load(scores) - max) * inverse;
                p.Store(scores);
                (p * (V.Load(gradients) - mean)).Store(gradients);
            }
        }
    }

    private readonly void AddToMask(nint first, int count, nint key, nint keys)
    {
        ScoreView<T> view = _gradients.Mask;
        T* to = view.At(_batch, _head) + first * view.Row + key * view.Column;
        for (int i = 0; i < count; i++)
            for (nint j = 0; j < keys; j++) to[i * view.Row + j * view.Column] += _scoreGradients[j * Width + i];
    }

    private readonly void CopyRows(T* rows, nint row, nint count, T scale, T* to)
    {
        for (nint i = 0; i < count; i++)
        {
            Elementwise.MapRight<T, MultiplyOperator>(rows + i * row, scale, to + i * _padded, _problem.HeadSize);
            Clear(to + i * _padded + _problem.HeadSize, _padded - _problem.HeadSize);
        }
    }

    private static T Dot(T* a, T* b, nint count)
    {
        V sum = default;
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count) sum = V.MultiplyAdd(V.Load(a + i), V.Load(b + i), sum);
        int rest = (int)(count - i);
        if (rest > 0) sum = V.MultiplyAdd(V.LoadPartial(a + i, rest, default), V.LoadPartial(b + i, rest, default), sum);
        return V.Sum(sum);
    }

    private static void Clear(T* at, nint count) => new Span<T>(at, checked((int)count)).Clear();

    // What is kept of a panel of queries while it meets the keys.
    private readonly struct Panel
    {
        // Queries (scaled) and output gradients with queries across.
        public readonly T* QueryColumns, OutputColumns;

        // The same as rows, and the queries' gradient.
        public readonly T* QueryRows, OutputRows, Gradient;

        // Per query: largest score, 1 / sum of exponentials, and dO·O, which is the probabilities' mean of dP.
        public readonly T* Max, InverseSum, Mean;

        public Panel(in AttentionBackwardTile<V, T> tile, nint index)
        {
            nint columns = tile._problem.HeadSize * Width, rows = Width * tile._padded;
            QueryColumns = tile._panels + index * tile.PanelSize;
            OutputColumns = QueryColumns + columns;
            QueryRows = OutputColumns + columns;
            OutputRows = QueryRows + rows;
            Gradient = OutputRows + rows;
            Max = Gradient + rows;
            InverseSum = Max + Width;
            Mean = InverseSum + Width;
        }
    }

    private readonly struct MultiplyOperator : IBinaryOperator<T>
    {
        public W Invoke<W>(W x, W y) where W : unmanaged, ISimd<W, T> => x * y;
    }
}
