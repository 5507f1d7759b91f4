using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Sums of the large operand's rows (contiguous, one per step of K) times numbers of the small one: four rows at a time are added to
/// results that stay in the first cache, so that memory is read in long contiguous pieces.
/// </summary>
internal unsafe struct RowCombinations<V, T> : IParallelJob
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public SkinnyGemm<T> Problem;

    public readonly void Execute(nint begin, nint end)
    {
        nint count = end - begin, padded = (count + V.Count - 1) / V.Count * V.Count;
        using Scratch.Loan<T> sums = Scratch.Rent<T>(padded * Problem.FewCount);
        new Span<T>(sums.Pointer, checked((int)(padded * Problem.FewCount))).Clear();

        nint k = 0;
        for (; k <= Problem.K - 4; k += 4) Rows<Rows4>(k, begin, count, sums.Pointer, padded);
        for (; k < Problem.K; k++) Rows<Rows1>(k, begin, count, sums.Pointer, padded);

        for (int j = 0; j < Problem.FewCount; j++) Write(sums.Pointer + j * padded, begin, end, j);
    }

    private readonly void Rows<TRows>(nint k, nint begin, nint count, T* sums, nint padded) where TRows : ITileRows
    {
        int few = Problem.FewCount, j = 0;
        T* rows = Problem.Many + k * Problem.ManyColumn + begin, factors = Problem.Few + k * Problem.FewColumn;
        for (; j <= few - 2; j += 2) Combine<TRows, Rows2>(rows, count, factors + j, sums + j * padded, padded);
        if (j < few) Combine<TRows, Rows1>(rows, count, factors + j, sums + j * padded, padded);
    }

    private readonly void Combine<TRows, TFew>(T* a, nint count, T* factors, T* sums, nint padded)
        where TRows : ITileRows where TFew : ITileRows
    {
        nint row = Problem.ManyColumn, step = Problem.FewColumn;
        T* b = a, c = a, d = a;
        V p = V.Broadcast(factors[0]), q = default, r = default, s = default;
        if (TRows.Count > 1)
        {
            (q, r, s) = (V.Broadcast(factors[step]), V.Broadcast(factors[2 * step]), V.Broadcast(factors[3 * step]));
            b = a + row;
            c = b + row;
            d = c + row;
        }

        V t = default, u = default, v = default, w = default;
        if (TFew.Count > 1)
        {
            t = V.Broadcast(factors[1]);
            T* second = factors + 1;
            if (TRows.Count > 1) (u, v, w) = (V.Broadcast(second[step]), V.Broadcast(second[2 * step]), V.Broadcast(second[3 * step]));
        }

        T* other = sums + padded;
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            V va = V.Load(a + i), vb = default, vc = default, vd = default;
            if (TRows.Count > 1) (vb, vc, vd) = (V.Load(b + i), V.Load(c + i), V.Load(d + i));
            Add<TRows>(V.Load(sums + i), va, vb, vc, vd, p, q, r, s).Store(sums + i);
            if (TFew.Count > 1) Add<TRows>(V.Load(other + i), va, vb, vc, vd, t, u, v, w).Store(other + i);
        }

        int rest = (int)(count - i);
        if (rest > 0)
        {
            V va = V.LoadPartial(a + i, rest, default), vb = default, vc = default, vd = default;
            if (TRows.Count > 1)
                (vb, vc, vd) = (V.LoadPartial(b + i, rest, vb), V.LoadPartial(c + i, rest, vc), V.LoadPartial(d + i, rest, vd));
            Add<TRows>(V.Load(sums + i), va, vb, vc, vd, p, q, r, s).Store(sums + i);
            if (TFew.Count > 1) Add<TRows>(V.Load(other + i), va, vb, vc, vd, t, u, v, w).Store(other + i);
        }
    }

    private static V Add<TRows>(V sum, V a, V b, V c, V d, V p, V q, V r, V s) where TRows : ITileRows
    {
        sum = V.MultiplyAdd(a, p, sum);
        return TRows.Count == 1 ? sum : V.MultiplyAdd(d, s, V.MultiplyAdd(c, r, V.MultiplyAdd(b, q, sum)));
    }

    private readonly void Write(T* sums, nint begin, nint end, int j)
    {
        T* to = Problem.Out + begin * Problem.OutMany + j * Problem.OutFew;
        T alpha = Problem.Alpha, beta = Problem.Beta;
        for (nint i = 0; i < end - begin; i++, to += Problem.OutMany) *to = beta == T.Zero ? alpha * sums[i] : alpha * sums[i] + beta * *to;
    }
}
