using System.Numerics;
using System.Runtime.InteropServices;
using NativeTrainer.Kernels.Cpu;

namespace NativeTrainer.Kernels.Tests.Cpu;

/// <summary>Products of all shapes and layouts against sums in double.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public sealed unsafe class GemmTests<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly int[] Sizes = [1, 2, 3, 5, 8, 12, 13, 16, 17, 31, 32, 33, 48, 65, 100];

    [Test]
    public void AllSmallShapesAndLayouts([Values] bool transposeA, [Values] bool transposeB)
    {
        Random random = new(1);
        foreach (int m in Sizes)
            foreach (int n in Sizes)
                foreach (int k in new[] { 0, 1, 2, 7, 16, 33, 64 })
                {
                    double beta = random.Next(3) switch { 0 => 0, 1 => 1, _ => -0.5 };
                    Check(new Case { M = m, N = n, K = k, TransposeA = transposeA, TransposeB = transposeB, Beta = beta });
                }
    }

    [TestCase(300, 70, 900)]
    [TestCase(150, 1000, 130)]
    [TestCase(64, 33, 3000)]
    [TestCase(513, 129, 257)]
    [TestCase(1, 3000, 500)]
    [TestCase(3000, 1, 500)]
    [TestCase(4, 900, 700)]
    [TestCase(7, 300, 1100)]
    [TestCase(900, 6, 300)]
    public void LargerShapesAndLayouts(int m, int n, int k)
    {
        foreach (bool transposeA in new[] { false, true })
            foreach (bool transposeB in new[] { false, true })
                Check(new Case
                {
                    M = m, N = n, K = k, TransposeA = transposeA, TransposeB = transposeB, Alpha = 0.75,
                    Beta = transposeA ? 1 : 0
                });
    }

    [TestCase(2, 700, 300)]
    [TestCase(11, 1000, 90)]
    [TestCase(16, 200, 200)]
    [TestCase(20, 500, 130)]
    [TestCase(32, 384, 384)]
    [TestCase(33, 1537, 64)]
    [TestCase(47, 384, 1536)]
    [TestCase(64, 300, 257)]
    [TestCase(96, 1152, 48)]
    [TestCase(97, 1152, 48)]
    public void FewRowsAgainstAWeight(int m, int n, int k)
    {
        Check(new Case { M = m, N = n, K = k, TransposeB = true, Bias = true });
        Check(new Case { M = m, N = n, K = k, TransposeB = true });
        Check(new Case { M = m, N = n, K = k, TransposeA = true, TransposeB = true });
        Check(new Case { M = m, N = n, K = k, TransposeB = true, Pad = 5 });
        Check(new Case { M = m, N = n, K = k, TransposeB = true, Beta = 1 });
    }

    [Test]
    public void StridesBeyondTheMatrixAreStridesOnly([Values(1, 6, 40)] int m, [Values(1, 20, 64)] int n, [Values(1, 2)] int step)
    {
        foreach (bool transposeA in new[] { false, true })
            foreach (bool transposeB in new[] { false, true })
                Check(new Case { M = m, N = n, K = 37, TransposeA = transposeA, TransposeB = transposeB, Pad = 5, Step = step, Beta = 1 });
    }

    [TestCase(1, 1, 64, 64)]
    [TestCase(5, 3, 17, 9)]
    [TestCase(48, 32, 64, 32)]
    [TestCase(3, 1, 70, 200)]
    [TestCase(3, 130, 1, 200)]
    public void Batches(int batch, int m, int n, int k)
    {
        Check(new Case { Batch = batch, M = m, N = n, K = k, Beta = 1 });
        Check(new Case { Batch = batch, M = m, N = n, K = k, TransposeB = true });
        Check(new Case { Batch = batch, M = m, N = n, K = k, SharedB = true });
    }

    [Test]
    public void ABiasIsAddedToEveryRow([Values(1, 5, 40)] int m, [Values(1, 30, 100)] int n, [Values(0, 10, 1500)] int k)
    {
        Check(new Case { M = m, N = n, K = k, Bias = true });
        Check(new Case { M = m, N = n, K = k, Bias = true, Beta = 1, Batch = 3, TransposeB = true });
    }

    [Test]
    [NonParallelizable]
    public void ThreadsDoNotChangeABit([Values] bool transposeA, [Values] bool transposeB)
    {
        int threads = CpuThreadPool.ThreadCount;
        try
        {
            (int, int, int, int)[] shapes =
                [(1, 200, 300, 700), (1, 1, 5000, 300), (1, 5000, 3, 300), (1, 4, 700, 900), (6, 90, 70, 400), (2, 700, 64, 500)];
            foreach ((int batch, int m, int n, int k) in shapes)
            {
                Random random = new(9);
                T[] a = Numbers(random, batch * m * k), b = Numbers(random, batch * k * n), one = new T[batch * m * n];
                Multiply(1, one);
                foreach (int count in new[] { 2, 3, 7 })
                {
                    T[] several = new T[batch * m * n];
                    Multiply(count, several);
                    for (int i = 0; i < one.Length; i++)
                    {
                        if (one[i] == several[i]) continue;
                        Assert.Fail(
                            $"{typeof(T).Name} batch {batch} m {m} n {n} k {k} seed 9: element {i} is {one[i]:R} on 1 thread, " +
                            $"{several[i]:R} on {count}");
                    }
                }

                void Multiply(int count, T[] c)
                {
                    CpuThreadPool.ThreadCount = count;
                    fixed (T* pa = a, pb = b, pc = c)
                    {
                        GemmProblem<T> problem = new(m, n, k, pa, pb, pc) { Batch = batch, ABatch = m * k, BBatch = k * n, CBatch = m * n };
                        if (transposeA) problem = problem.TransposeA();
                        if (transposeB) problem = problem.TransposeB();
                        Gemm.Run(problem);
                    }
                }
            }
        }
        finally
        {
            CpuThreadPool.ThreadCount = threads;
        }
    }

    private struct Case()
    {
        public int Batch = 1, M, N, K, Pad = 0, Step = 1;
        public bool TransposeA, TransposeB, SharedB, Bias;
        public double Alpha = 1, Beta = 0;

        public override readonly string ToString() =>
            $"{typeof(T).Name} batch {Batch} m {M} n {N} k {K} transposeA {TransposeA} transposeB {TransposeB} alpha {Alpha} beta {Beta} " +
            $"pad {Pad} step {Step} shared {SharedB} bias {Bias} seed 3";
    }

    private static void Check(Case c)
    {
        Random random = new(3);
        (int aRow, int aColumn) = c.TransposeA ? (c.Step, c.M * c.Step + c.Pad) : (c.K * c.Step + c.Pad, c.Step);
        (int bRow, int bColumn) = c.TransposeB ? (c.Step, c.K * c.Step + c.Pad) : (c.N * c.Step + c.Pad, c.Step);
        int cRow = c.N + c.Pad;
        int aSize = (c.M - 1) * aRow + Math.Max(0, c.K - 1) * aColumn + 1, bSize = Math.Max(0, c.K - 1) * bRow + (c.N - 1) * bColumn + 1;
        int cSize = (c.M - 1) * cRow + c.N;
        T[] a = Numbers(random, aSize * c.Batch), b = Numbers(random, c.SharedB ? bSize : bSize * c.Batch), bias = Numbers(random, c.N);

        // With beta 0 the old values must not matter, so they are the worst there is.
        T[] result = Numbers(random, cSize * c.Batch + 1);
        if (c.Beta == 0) Array.Fill(result, T.NaN);
        T[] old = [.. result];
        fixed (T* pa = a, pb = b, pc = result, pbias = bias)
        {
            GemmProblem<T> problem = new(c.M, c.N, c.K, pa, pb, pc)
            {
                ARow = aRow, AColumn = aColumn, BRow = bRow, BColumn = bColumn, CRow = cRow,
                Alpha = T.CreateTruncating(c.Alpha), Beta = T.CreateTruncating(c.Beta),
                Batch = c.Batch, ABatch = aSize, BBatch = c.SharedB ? 0 : bSize, CBatch = cSize,
            };
            if (c.Bias) Gemm.Run(problem, new BiasEpilogue<T>(pbias));
            else Gemm.Run(problem);
        }

        double tolerance = (typeof(T) == typeof(float) ? 2e-7 : 4e-16) * (4 + Math.Sqrt(c.K));
        bool[] written = new bool[result.Length];
        for (int batch = 0; batch < c.Batch; batch++)
            for (int i = 0; i < c.M; i++)
                for (int j = 0; j < c.N; j++)
                {
                    double sum = 0, size = 1;
                    for (int p = 0; p < c.K; p++)
                    {
                        int bBegin = c.SharedB ? 0 : batch * bSize;
                        double product = D(a[batch * aSize + i * aRow + p * aColumn]) * D(b[bBegin + p * bRow + j * bColumn]);
                        sum += product;
                        size += product * product;
                    }

                    int at = batch * cSize + i * cRow + j;
                    double expected = c.Alpha * sum + (c.Beta == 0 ? 0 : c.Beta * D(old[at])) + (c.Bias ? D(bias[j]) : 0);
                    if (!(Math.Abs(D(result[at]) - expected) <= tolerance * Math.Sqrt(size)))
                        Assert.Fail($"{c}: batch {batch} row {i} column {j} is {result[at]}, expected {expected}");
                    written[at] = true;
                }

        for (int i = 0; i < result.Length; i++)
            if (!written[i] && !result[i].Equals(old[i])) Assert.Fail($"{c}: element {i}, outside of C, was {old[i]} and is {result[i]}");
    }

    private static double D(T x) => double.CreateTruncating(x);

    private static T[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.NextDouble() * 2 - 1))];
}
