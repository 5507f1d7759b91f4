using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// C = alpha·A·B + beta·C for matrices in memory, A [M×K], B [K×N], C [M×N], any strides in elements for A and B (a transposed operand is
/// one with its strides exchanged), C with unit column stride; or a batch of such, which must not overlap in C. <see cref="Gemm.Run{T}(in
/// GemmProblem{T})"/> solves it.
/// </summary>
internal unsafe struct GemmProblem<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public nint M, N, K;

    public T* A;
    public nint ARow, AColumn;

    public T* B;
    public nint BRow, BColumn;

    public T* C;
    public nint CRow;

    public T Alpha;

    /// <summary>0 overwrites C without reading it: what was there, NaN even, does not matter.</summary>
    public T Beta;

    /// <summary>Number of products; 0 makes none.</summary>
    public nint Batch;

    /// <summary>Distances between the matrices of neighbouring products; 0 where all share one (A and B only).</summary>
    public nint ABatch, BBatch, CBatch;

    /// <summary>One product: alpha 1, beta 0, row-major operands.</summary>
    public GemmProblem(nint m, nint n, nint k, T* a, T* b, T* c)
    {
        A = a;
        B = b;
        C = c;
        (M, N, K) = (m, n, k);
        (ARow, AColumn, BRow, BColumn, CRow) = (k, 1, n, 1, n);
        (Alpha, Beta, Batch) = (T.One, T.Zero, 1);
    }

    /// <summary>The same with A given as its transpose, [K×M] row-major.</summary>
    public readonly GemmProblem<T> TransposeA() => this with { ARow = 1, AColumn = M };

    /// <summary>The same with B given as its transpose, [N×K] row-major.</summary>
    public readonly GemmProblem<T> TransposeB() => this with { BRow = 1, BColumn = K };

    /// <summary>One product of the batch.</summary>
    public readonly GemmProblem<T> Item(nint index) =>
        this with { A = A + index * ABatch, B = B + index * BBatch, C = C + index * CBatch, Batch = 1 };
}
