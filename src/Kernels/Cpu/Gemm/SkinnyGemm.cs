using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Products where one operand has at most eight rows (or columns), as in decoding: the large operand is read once, from memory, and that is
/// the limit. <see cref="DotProducts{V, T}"/> serves a large operand that is contiguous along K, <see cref="RowCombinations{V, T}"/> one
/// contiguous across it.
/// </summary>
/// <remarks>
/// Both see the product as many·few: the "many" rows of the large operand (columns of B, or rows of A) against the "few" of the other.
/// </remarks>
internal unsafe struct SkinnyGemm<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Most rows of the small operand.</summary>
    public const int MostFew = 8;

    // Up to so many elements B stays in the second cache: then the tiles of the general product are faster, which read it in place too.
    private const int CachedElements = 128 * 1024;

    public nint K;

    /// <summary>The large operand: element (i, k) is at Many[i·ManyRow + k·ManyColumn].</summary>
    public T* Many;
    public nint ManyCount, ManyRow, ManyColumn;

    /// <summary>The small operand: element (j, k) is at Few[j·FewRow + k·FewColumn].</summary>
    public T* Few;
    public int FewCount;
    public nint FewRow, FewColumn;

    /// <summary>The result of many i and few j is at Out[i·OutMany + j·OutFew].</summary>
    public T* Out;
    public nint OutMany, OutFew;

    public T Alpha, Beta;

    /// <summary>Solves the problem if it is one of this kind; whether it is depends on shape and layout alone.</summary>
    public static bool TryRun<V>(in GemmProblem<T> p) where V : unmanaged, ISimd<V, T>
    {
        if (p.K == 0) return false;
        if (p.M > 1 && p.BColumn == 1 && p.K * p.N <= CachedElements) return false;
        if (p.M <= MostFew && (p.BRow == 1 || p.BColumn == 1))
        {
            new SkinnyGemm<T>
            {
                K = p.K, Many = p.B, ManyCount = p.N, ManyRow = p.BColumn, ManyColumn = p.BRow,
                Few = p.A, FewCount = (int)p.M, FewRow = p.ARow, FewColumn = p.AColumn,
                Out = p.C, OutMany = 1, OutFew = p.CRow, Alpha = p.Alpha, Beta = p.Beta,
            }.Run<V>();
            return true;
        }

        if (p.N <= MostFew && (p.AColumn == 1 || p.ARow == 1))
        {
            new SkinnyGemm<T>
            {
                K = p.K, Many = p.A, ManyCount = p.M, ManyRow = p.ARow, ManyColumn = p.AColumn,
                Few = p.B, FewCount = (int)p.N, FewRow = p.BColumn, FewColumn = p.BRow,
                Out = p.C, OutMany = p.CRow, OutFew = 1, Alpha = p.Alpha, Beta = p.Beta,
            }.Run<V>();
            return true;
        }

        return false;
    }

    /// <summary>Computes Out = alpha·Many·Few + beta·Out; FewCount is at most 8, and one of Many's strides is 1.</summary>
    public void Run<V>() where V : unmanaged, ISimd<V, T>
    {
        // The kernels read the small operand again and again: along K for dot products, across for combinations of rows.
        bool alongK = ManyColumn == 1;
        bool ready = alongK ? FewColumn == 1 : FewCount == 1 && FewColumn == 1;
        using Scratch.Loan<T> copy = Scratch.Rent<T>(ready ? 0 : FewCount * K);
        if (!ready)
        {
            (nint row, nint column) = alongK ? (K, 1) : ((nint)1, FewCount);
            for (nint j = 0; j < FewCount; j++)
                for (nint k = 0; k < K; k++) copy.Pointer[j * row + k * column] = Few[j * FewRow + k * FewColumn];
            Few = copy.Pointer;
            (FewRow, FewColumn) = (row, column);
        }

        if (alongK) CpuThreadPool.For(ManyCount, Grain(64), new DotProducts<V, T> { Problem = this });
        else CpuThreadPool.For(ManyCount, Grain(1024), new RowCombinations<V, T> { Problem = this });
    }

    // Enough elements of the large operand per chunk, and not many more: at most `most` of its rows.
    private readonly nint Grain(nint most)
    {
        nint rows = Math.Max(4, 2 * CpuThreadPool.WorthwhileWork / K / 4 * 4);
        return Math.Max(rows, Math.Min(most, ManyCount));
    }
}
