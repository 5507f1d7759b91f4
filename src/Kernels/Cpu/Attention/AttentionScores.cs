using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Scores of one head for one panel of queries and one block of keys, keys down and queries across: each lane of a vector is a query, so
/// that maxima and sums over keys need no work across lanes, and neither keys nor values have to be transposed.
/// </summary>
internal readonly unsafe struct AttentionScores<V, T>
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Keys per block: eight tiles of twelve rows. Scores, keys and values of a block stay in the first two caches.</summary>
    public const int KeysPerBlock = 96;

    private readonly AttentionProblem<T> _problem;
    private readonly T* _key;
    private readonly T* _mask;
    private readonly T* _maskPanel;

    /// <summary>For a head; <paramref name="maskPanel"/> is room for <see cref="KeysPerBlock"/> × <see cref="Queries"/> numbers.</summary>
    public AttentionScores(in AttentionProblem<T> problem, nint batch, nint head, T* maskPanel)
    {
        _problem = problem;
        _key = problem.Key.At(batch, head / problem.Group);
        _mask = problem.Mask.At(batch, head);
        _maskPanel = maskPanel;
    }

    /// <summary>Queries per panel: the width of a tile.</summary>
    public static int Queries => TileKernels<V, T>.MaxColumns;

    /// <summary>
    /// Queries of a panel as columns, multiplied by <paramref name="scale"/>: [HeadSize × <see cref="Queries"/>], 0 where the panel is not
    /// full.
    /// </summary>
    public static void PackColumns(T* rows, nint rowStride, int count, nint size, T scale, T* panel)
    {
        Packing.Panel(rows, rowStride, 1, count, Queries, size, panel);
        if (scale != T.One) Elementwise.MapRight<T, MultiplyOperator>(panel, scale, panel, size * Queries);
    }

    /// <summary>
    /// Writes scores[key - firstKey][query - firstQuery], masked with -∞ beyond what a query sees. <paramref name="queryPanel"/> comes from
    /// <see cref="PackColumns"/>.
    /// </summary>
    public void Compute(T* queryPanel, nint firstQuery, int queries, nint firstKey, nint keys, T* scores)
    {
        nint row = _problem.Key.Row;
        T* key = _key + firstKey * row;
        SmallProduct<V, T>.Run(keys, Queries, _problem.HeadSize, key, row, 1, queryPanel, Queries, scores, Queries, T.Zero);
        if (_mask != null) AddMask(firstQuery, queries, firstKey, keys, scores);
        if (_problem.Causality != Causality.None) HideFuture(firstQuery, firstKey, keys, scores);
    }

    private void AddMask(nint firstQuery, int queries, nint firstKey, nint keys, T* scores)
    {
        ScoreView<T> view = _problem.Mask;
        T* mask = _mask + firstQuery * view.Row + firstKey * view.Column;
        if (view.Row != 0) Packing.Panel(mask, view.Row, view.Column, queries, Queries, keys, _maskPanel);
        for (nint j = 0; j < keys; j++)
        {
            T* at = scores + j * Queries;
            for (int i = 0; i < Queries; i += V.Count)
            {
                V add = view.Row == 0 ? V.Broadcast(mask[j * view.Column]) : V.Load(_maskPanel + j * Queries + i);
                (V.Load(at + i) + add).Store(at + i);
            }
        }
    }

    // Key j is hidden from the queries before j - shift: the first lanes of its row.
    private void HideFuture(nint firstQuery, nint firstKey, nint keys, T* scores)
    {
        for (nint j = Math.Max(0, firstQuery + _problem.CausalShift + 1 - firstKey); j < keys; j++)
        {
            nint hidden = Math.Min(Queries, firstKey + j - _problem.CausalShift - firstQuery);
            new Span<T>(scores + j * Queries, (int)hidden).Fill(T.NegativeInfinity);
        }
    }

    private readonly struct MultiplyOperator : IBinaryOperator<T>
    {
        public W Invoke<W>(W x, W y) where W : unmanaged, ISimd<W, T> => x * y;
    }
}
