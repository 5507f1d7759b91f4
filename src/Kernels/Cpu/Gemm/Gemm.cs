using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Matrix products: C = alpha·A·B + beta·C, batched, any strides of A and B; results are the same bits for any number of threads.
/// </summary>
internal static unsafe class Gemm
{
    // A batch of products smaller than this is shared out whole; larger ones are cut one after another.
    private const long LargeProduct = 64 << 20;

    /// <summary>Solves <paramref name="problem"/>.</summary>
    public static void Run<T>(in GemmProblem<T> problem) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Run(problem, new NoEpilogue<T>());

    /// <summary>Solves <paramref name="problem"/> and applies <paramref name="epilogue"/> to C (of each product of a batch).</summary>
    public static void Run<T, TEpilogue>(in GemmProblem<T> problem, TEpilogue epilogue)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TEpilogue : struct, IEpilogue<T>
    {
        if (problem.M <= 0 || problem.N <= 0 || problem.Batch <= 0) return;
        BatchJob<T, TEpilogue> job = new() { Problem = problem, Epilogue = epilogue };
        long work = (long)problem.M * problem.N * Math.Max(1, problem.K);
        if (problem.Batch == 1 || (work >= LargeProduct && problem.Batch < 4 * CpuThreadPool.ThreadCount)) job.Execute(0, problem.Batch);
        else CpuThreadPool.For(problem.Batch, (nint)Math.Max(1, CpuThreadPool.WorthwhileWork * 32L / work), job);
    }

    private struct BatchJob<T, TEpilogue> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TEpilogue : struct, IEpilogue<T>
    {
        public GemmProblem<T> Problem;
        public TEpilogue Epilogue;

        public readonly void Execute(nint begin, nint end)
        {
            for (nint i = begin; i < end; i++)
            {
                Product<T, TEpilogue> product = new() { Problem = Problem.Item(i), Epilogue = Epilogue };
                Simd.Run<T, Product<T, TEpilogue>>(ref product);
            }
        }
    }

    private struct Product<T, TEpilogue> : ISimdKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TEpilogue : struct, IEpilogue<T>
    {
        public GemmProblem<T> Problem;
        public TEpilogue Epilogue;

        public readonly void Run<V>() where V : unmanaged, ISimd<V, T>
        {
            if (SkinnyGemm<T>.TryRun<V>(Problem))
            {
                if (!TEpilogue.IsNothing) Epilogue.Apply<V>(Problem.C, Problem.CRow, (int)Problem.M, (int)Problem.N, 0, 0);
            }
            else if (!TurnedGemm<V, T, TEpilogue>.TryRun(Problem, Epilogue))
            {
                BlockedGemm<V, T, TEpilogue>.Run(Problem, Epilogue);
            }
        }
    }
}
