using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// The forward pass for a few queries per head, as in decoding: whole rows of scores, keys and values read once. With one query per head,
/// heads that share keys are answered together.
/// </summary>
internal unsafe struct AttentionOfFew<V, T> : IParallelJob
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private AttentionProblem<T> _problem;

    // Rows answered together: queries of a head, or heads of one query each.
    private int _rows;

    /// <summary>Solves the problem on all threads; at most <see cref="SkinnyGemm{T}.MostFew"/> queries.</summary>
    public static void Run(in AttentionProblem<T> problem)
    {
        bool heads = problem.Queries == 1;
        int rows = heads ? LargestDivisor(problem.Group) : (int)problem.Queries;
        nint items = problem.Batch * (heads ? problem.Heads / rows : problem.Heads);
        nint cost = Math.Max(1, problem.Keys * problem.HeadSize / 2 * rows);
        CpuThreadPool.For(items, CpuThreadPool.GrainFor(cost), new AttentionOfFew<V, T> { _problem = problem, _rows = rows });
    }

    public readonly void Execute(nint begin, nint end)
    {
        nint headsPerItem = _problem.Queries == 1 ? _rows : 1, items = _problem.Heads / headsPerItem;
        for (nint item = begin; item < end; item++) RunItem(item / items, item % items * headsPerItem);
    }

    private static int LargestDivisor(nint group)
    {
        int rows = (int)Math.Min(group, SkinnyGemm<T>.MostFew);
        while (group % rows != 0) rows--;
        return rows;
    }

    private readonly void RunItem(nint batch, nint head)
    {
        nint keys = _problem.Keys, keyHead = head / _problem.Group;
        bool heads = _problem.Queries == 1;
        using Scratch.Loan<T> scores = Scratch.Rent<T>(_rows * keys);
        new SkinnyGemm<T>
        {
            K = _problem.HeadSize, Many = _problem.Key.At(batch, keyHead), ManyCount = keys, ManyRow = _problem.Key.Row, ManyColumn = 1,
            Few = _problem.Query.At(batch, head), FewCount = _rows, FewRow = heads ? _problem.Query.Head : _problem.Query.Row,
            FewColumn = 1,
            Out = scores.Pointer, OutMany = 1, OutFew = keys, Alpha = _problem.Scale,
        }.Run<V>();
        for (int r = 0; r < _rows; r++) Softmax(scores.Pointer + r * keys, batch, heads ? head + r : head, heads ? 0 : r);
        new SkinnyGemm<T>
        {
            K = keys, Many = _problem.Value.At(batch, keyHead), ManyCount = _problem.HeadSize, ManyRow = 1, ManyColumn = _problem.Value.Row,
            Few = scores.Pointer, FewCount = _rows, FewRow = keys, FewColumn = 1,
            Out = _problem.Output.At(batch, head), OutMany = 1, OutFew = heads ? _problem.Output.Head : _problem.Output.Row, Alpha = T.One,
        }.Run<V>();
    }

    private readonly void Softmax(T* scores, nint batch, nint head, nint query)
    {
        nint seen = _problem.KeysSeenBy(query);
        if (_problem.Mask.Pointer != null) AddMask(scores, seen, _problem.Mask.At(batch, head) + query * _problem.Mask.Row);
        V most = V.Constant(double.NegativeInfinity);
        for (nint j = 0; j < seen; j += V.Count)
            most = V.MaxNative(most, V.LoadPartial(scores + j, (int)Math.Min(V.Count, seen - j), most));
        T max = V.MaxAcross(most), shift = T.IsNegativeInfinity(max) ? T.Zero : max;

        V sums = default, nothing = V.Constant(double.NegativeInfinity);
        for (nint j = 0; j < seen; j += V.Count)
        {
            int count = (int)Math.Min(V.Count, seen - j);
            V e = VectorMath.Exp<V, T>(V.LoadPartial(scores + j, count, nothing) - V.Broadcast(shift));
            e.StorePartial(scores + j, count);
            sums += e;
        }

        T sum = V.Sum(sums), inverse = sum == T.Zero ? T.Zero : T.One / sum;
        for (nint j = 0; j < seen; j++) scores[j] *= inverse;
        for (nint j = seen; j < _problem.Keys; j++) scores[j] = T.Zero;

        if (_problem.RowMax == null) return;
        nint at = (batch * _problem.Heads + head) * _problem.Queries + query;
        _problem.RowMax[at] = max;
        _problem.RowSum[at] = sum;
    }

    private readonly void AddMask(T* scores, nint seen, T* mask)
    {
        for (nint j = 0; j < seen; j++) scores[j] += mask[j * _problem.Mask.Column];
    }
}
