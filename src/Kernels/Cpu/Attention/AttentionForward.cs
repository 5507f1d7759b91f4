using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// The forward pass by tiles: a few panels of queries walk over the keys block by block with a running maximum and sum per query, and
/// rescale what they have when the maximum grows.
/// </summary>
internal unsafe struct AttentionForward<V, T> : IParallelJob
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Queries that share a block of keys and values while it is in the cache.
    private const int QueriesPerTile = 128;

    private AttentionProblem<T> _problem;

    /// <summary>Solves the problem on all threads: one item per head and tile of queries.</summary>
    public static void Run(in AttentionProblem<T> problem)
    {
        nint items = problem.Batch * problem.Heads * Partition.Parts(problem.Queries, QueriesPerTile);
        nint cost = QueriesPerTile * problem.Keys * problem.HeadSize / 8;
        CpuThreadPool.For(items, CpuThreadPool.GrainFor(cost), new AttentionForward<V, T> { _problem = problem });
    }

    public readonly void Execute(nint begin, nint end)
    {
        nint tiles = Partition.Parts(_problem.Queries, QueriesPerTile);
        for (nint item = begin; item < end; item++)
        {
            (nint head, nint tile) = Math.DivRem(item, tiles);
            nint query = tile * QueriesPerTile;
            RunTile(head / _problem.Heads, head % _problem.Heads, query, Math.Min(query + QueriesPerTile, _problem.Queries));
        }
    }

    private static int Width => AttentionScores<V, T>.Queries;

    private readonly void RunTile(nint batch, nint head, nint query, nint queryEnd)
    {
        nint size = _problem.HeadSize, panels = Partition.Parts(queryEnd - query, Width);
        using Scratch.Loan<T> queryPanels = Scratch.Rent<T>(panels * size * Width);
        using Scratch.Loan<T> outputs = Scratch.Rent<T>(panels * size * Width);
        using Scratch.Loan<T> statistics = Scratch.Rent<T>(panels * 2 * Width);
        using Scratch.Loan<T> scores = Scratch.Rent<T>(2 * AttentionScores<V, T>.KeysPerBlock * Width);
        AttentionScores<V, T> scorer = new(_problem, batch, head, scores.Pointer + AttentionScores<V, T>.KeysPerBlock * Width);

        T* rows = _problem.Query.At(batch, head);
        for (nint p = 0; p < panels; p++)
        {
            (nint first, int count) = Panel(query, queryEnd, p);
            AttentionScores<V, T>.PackColumns(
                rows + first * _problem.Query.Row, _problem.Query.Row, count, size, _problem.Scale, queryPanels.Pointer + p * size * Width);
            new Span<T>(outputs.Pointer + p * size * Width, checked((int)(size * Width))).Clear();
            new Span<T>(statistics.Pointer + p * 2 * Width, Width).Fill(T.NegativeInfinity);
            new Span<T>(statistics.Pointer + p * 2 * Width + Width, Width).Clear();
        }

        T* value = _problem.Value.At(batch, head / _problem.Group);
        nint seenByAll = _problem.KeysSeenBy(queryEnd - 1);
        for (nint key = 0; key < seenByAll; key += AttentionScores<V, T>.KeysPerBlock)
        {
            for (nint p = 0; p < panels; p++)
            {
                (nint first, int count) = Panel(query, queryEnd, p);
                nint keys = Math.Min(AttentionScores<V, T>.KeysPerBlock, _problem.KeysSeenBy(first + count - 1) - key);
                if (keys <= 0) continue;
                T* output = outputs.Pointer + p * size * Width;
                scorer.Compute(queryPanels.Pointer + p * size * Width, first, count, key, keys, scores.Pointer);
                Softmax(scores.Pointer, keys, statistics.Pointer + p * 2 * Width, output);
                T* values = value + key * _problem.Value.Row;
                SmallProduct<V, T>.Run(size, Width, keys, values, 1, _problem.Value.Row, scores.Pointer, Width, output, Width, T.One);
            }
        }

        for (nint p = 0; p < panels; p++)
        {
            (nint first, int count) = Panel(query, queryEnd, p);
            Finish(batch, head, first, count, outputs.Pointer + p * size * Width, statistics.Pointer + p * 2 * Width);
        }
    }

    private static (nint First, int Count) Panel(nint query, nint queryEnd, nint p)
    {
        nint first = query + p * Width;
        return (first, (int)Math.Min(Width, queryEnd - first));
    }

    // Turns scores into e^(score - maximum so far), and brings the panel's sums and outputs to that maximum.
    private readonly void Softmax(T* scores, nint keys, T* statistics, T* output)
    {
        for (int lane = 0; lane < Width; lane += V.Count)
        {
            T* at = scores + lane;
            V old = V.Load(statistics + lane), max = old, other = old;
            nint j = 0;
            for (; j <= keys - 2; j += 2)
            {
                max = V.MaxNative(max, V.Load(at + j * Width));
                other = V.MaxNative(other, V.Load(at + (j + 1) * Width));
            }

            if (j < keys) max = V.MaxNative(max, V.Load(at + j * Width));
            max = V.MaxNative(max, other);

            // Where all is masked so far, any finite number serves: e^-∞ is 0, and -∞ minus itself would be NaN.
            V shift = V.Select(V.Equal(max, V.Constant(double.NegativeInfinity)), default, max);
            V sum = default, sum2 = default;
            for (j = 0; j <= keys - 2; j += 2)
            {
                V a = VectorMath.Exp<V, T>(V.Load(at + j * Width) - shift), b = VectorMath.Exp<V, T>(V.Load(at + (j + 1) * Width) - shift);
                a.Store(at + j * Width);
                b.Store(at + (j + 1) * Width);
                sum += a;
                sum2 += b;
            }

            if (j < keys)
            {
                V a = VectorMath.Exp<V, T>(V.Load(at + j * Width) - shift);
                a.Store(at + j * Width);
                sum += a;
            }

            V fade = VectorMath.Exp<V, T>(old - shift);
            max.Store(statistics + lane);
            V.MultiplyAdd(V.Load(statistics + Width + lane), fade, sum + sum2).Store(statistics + Width + lane);
            if (!V.Any(~V.Equal(fade, V.Constant(1)))) continue;
            for (nint d = 0; d < _problem.HeadSize; d++) (V.Load(output + d * Width + lane) * fade).Store(output + d * Width + lane);
        }
    }

    private readonly void Finish(nint batch, nint head, nint first, int count, T* output, T* statistics)
    {
        for (int lane = 0; lane < Width; lane += V.Count)
        {
            V sum = V.Load(statistics + Width + lane);
            V inverse = V.Select(V.Equal(sum, default), default, V.Constant(1) / sum);
            for (nint d = 0; d < _problem.HeadSize; d++) (V.Load(output + d * Width + lane) * inverse).Store(output + d * Width + lane);
        }

        nint row = _problem.Output.Row;
        Packing.Transpose(output, Width, (int)_problem.HeadSize, row, count, _problem.Output.At(batch, head) + first * row);
        if (_problem.RowMax == null) return;
        nint at = (batch * _problem.Heads + head) * _problem.Queries + first;
        new Span<T>(statistics, count).CopyTo(new Span<T>(_problem.RowMax + at, count));
        new Span<T>(statistics + Width, count).CopyTo(new Span<T>(_problem.RowSum + at, count));
    }
}
