using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Dot products of many rows with a few, all contiguous: four of the many at a time, so that memory is read in four streams.
/// </summary>
internal unsafe struct DotProducts<V, T> : IParallelJob
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostMany = 4, MostFew = 4;

    public SkinnyGemm<T> Problem;

    public readonly void Execute(nint begin, nint end)
    {
        V* sums = stackalloc V[MostMany * MostFew];
        nint i = begin;
        for (; i <= end - MostMany; i += MostMany) Against<Rows4>(i, sums);
        for (; i < end; i++) Against<Rows1>(i, sums);
    }

    // Rows of the few share what is loaded of the many; four of them need 16 sums in registers.
    private readonly void Against<TMany>(nint i, V* sums) where TMany : ITileRows
    {
        int most = V.Registers >= 32 ? MostFew : 2;
        for (int j = 0; j < Problem.FewCount; j += most)
        {
            T* many = Problem.Many + i * Problem.ManyRow, few = Problem.Few + j * Problem.FewRow;
            int count = Math.Min(most, Problem.FewCount - j);
            switch (count)
            {
                case 1: Dot<TMany, Rows1>(many, few, sums); break;
                case 2: Dot<TMany, Rows2>(many, few, sums); break;
                case 3: Dot<TMany, Rows3>(many, few, sums); break;
                default: Dot<TMany, Rows4>(many, few, sums); break;
            }

            Finish(many, TMany.Count, few, count, sums, Problem.Out + i * Problem.OutMany + j * Problem.OutFew);
        }
    }

    /// <summary>Sums of whole vectors, one vector per pair of rows. Straight through for the register allocator's sake.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Dot<TMany, TFew>(T* many, T* few, V* sums) where TMany : ITileRows where TFew : ITileRows
    {
        bool four = TMany.Count > 1;
        nint row = Problem.ManyRow, next = Problem.FewRow;
        T* a = many, b = a + row, c = b + row, d = c + row, p = few, q = p + next, r = q + next, s = r + next;
        V pa = default, pb = default, pc = default, pd = default;
        V qa = default, qb = default, qc = default, qd = default;
        V ra = default, rb = default, rc = default, rd = default;
        V sa = default, sb = default, sc = default, sd = default;
        for (nint k = Problem.K / V.Count; k > 0; k--)
        {
            V va = V.Load(a), vb = four ? V.Load(b) : default, vc = four ? V.Load(c) : default, vd = four ? V.Load(d) : default;
            V x = V.Load(p);
            pa = Fma(x, va, pa);
            if (four) { pb = Fma(x, vb, pb); pc = Fma(x, vc, pc); pd = Fma(x, vd, pd); }
            if (TFew.Count > 1)
            {
                x = V.Load(q);
                qa = Fma(x, va, qa);
                if (four) { qb = Fma(x, vb, qb); qc = Fma(x, vc, qc); qd = Fma(x, vd, qd); }
            }

            if (TFew.Count > 2)
            {
                x = V.Load(r);
                ra = Fma(x, va, ra);
                if (four) { rb = Fma(x, vb, rb); rc = Fma(x, vc, rc); rd = Fma(x, vd, rd); }
            }

            if (TFew.Count > 3)
            {
                x = V.Load(s);
                sa = Fma(x, va, sa);
                if (four) { sb = Fma(x, vb, sb); sc = Fma(x, vc, sc); sd = Fma(x, vd, sd); }
            }

            a += V.Count;
            b += V.Count;
            c += V.Count;
            d += V.Count;
            p += V.Count;
            q += V.Count;
            r += V.Count;
            s += V.Count;
        }

        { sums[0] = pa; if (four) { sums[1] = pb; sums[2] = pc; sums[3] = pd; } }
        if (TFew.Count > 1) { sums[4] = qa; if (four) { sums[5] = qb; sums[6] = qc; sums[7] = qd; } }
        if (TFew.Count > 2) { sums[8] = ra; if (four) { sums[9] = rb; sums[10] = rc; sums[11] = rd; } }
        if (TFew.Count > 3) { sums[12] = sa; if (four) { sums[13] = sb; sums[14] = sc; sums[15] = sd; } }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Fma(V a, V b, V c) => V.MultiplyAdd(a, b, c);

    private readonly void Finish(T* many, int manyCount, T* few, int fewCount, V* sums, T* to)
    {
        nint whole = Problem.K / V.Count * V.Count;
        int rest = (int)(Problem.K - whole);
        for (int j = 0; j < fewCount; j++)
            for (int i = 0; i < manyCount; i++)
            {
                V sum = sums[j * MostMany + i];
                if (rest > 0)
                {
                    V x = V.LoadPartial(few + j * Problem.FewRow + whole, rest, default);
                    sum = V.MultiplyAdd(x, V.LoadPartial(many + i * Problem.ManyRow + whole, rest, default), sum);
                }

                T result = Problem.Alpha * V.Sum(sum);
                T* at = to + i * Problem.OutMany + j * Problem.OutFew;
                *at = Problem.Beta == T.Zero ? result : result + Problem.Beta * *at;
            }
    }
}
