using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>A kernel that treats rows one by one, written once for all floating point dtypes and vectors of any width.</summary>
/// <remarks>Implement it explicitly: the constraints then need not be repeated.</remarks>
internal interface IRowKernel
{
    /// <summary>
    /// Does the rows from <paramref name="begin"/> up to, not including, <paramref name="end"/>; called by several threads at once.
    /// </summary>
    /// <typeparam name="V">Vectors of T.</typeparam>
    /// <typeparam name="T">What is computed with: float or double.</typeparam>
    /// <typeparam name="S">What is stored: the same, or Half or BFloat16.</typeparam>
    /// <typeparam name="TRow">Reads rows of S as rows of T, and writes them.</typeparam>
    void Rows<V, T, S, TRow>(nint begin, nint end)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where S : unmanaged
        where TRow : struct, IRowStorage<S, T>;
}

/// <summary>
/// Runs row kernels: picks the code for the dtype and the machine, and cuts the rows into chunks for the thread pool by their shape alone.
/// </summary>
internal static class RowKernel
{
    /// <summary>
    /// Does all rows; <paramref name="rowCost"/> is the work of one, counted as <see cref="CpuThreadPool.WorthwhileWork"/> is.
    /// </summary>
    public static void Run<TKernel>(string name, DType dtype, nint rows, nint rowCost, TKernel kernel)
        where TKernel : struct, IRowKernel => RunChunks(name, dtype, rows, CpuThreadPool.GrainFor(rowCost), kernel);

    /// <summary>Does all rows in chunks of <paramref name="grain"/>, for kernels that keep something for each chunk.</summary>
    public static void RunChunks<TKernel>(string name, DType dtype, nint rows, nint grain, TKernel kernel)
        where TKernel : struct, IRowKernel
    {
        switch (dtype)
        {
            case DType.Float32: Run<TKernel, float, float, SameStorage<float>>(rows, grain, kernel); break;
            case DType.Float64: Run<TKernel, double, double, SameStorage<double>>(rows, grain, kernel); break;
            case DType.Float16: Run<TKernel, float, Half, HalfStorage>(rows, grain, kernel); break;
            case DType.BFloat16: Run<TKernel, float, BFloat16, BFloat16Storage>(rows, grain, kernel); break;
            default: throw Unsupported(name, dtype, "float32, float64, float16 or bfloat16");
        }
    }

    /// <summary>How many rows a tensor has, the last axis being their length; none where it is empty.</summary>
    public static (nint Rows, nint Size) Rows(Tensor tensor) =>
        tensor.ElementCount == 0 ? (0, 0) : ((nint)(tensor.ElementCount / tensor.Size(-1)), (nint)tensor.Size(-1));

    /// <summary>The error of a kernel that has no code for a dtype.</summary>
    public static NotSupportedException Unsupported(string kernel, DType dtype, string supported) =>
        new($"the cpu kernel {kernel} takes {supported}; found {dtype.TorchName}");

    private static void Run<TKernel, T, S, TRow>(nint rows, nint grain, TKernel kernel)
        where TKernel : struct, IRowKernel
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where S : unmanaged
        where TRow : struct, IRowStorage<S, T> => CpuThreadPool.For(rows, grain, new Job<TKernel, T, S, TRow> { Kernel = kernel });

    private struct Job<TKernel, T, S, TRow> : IParallelJob, ISimdKernel<T>
        where TKernel : struct, IRowKernel
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where S : unmanaged
        where TRow : struct, IRowStorage<S, T>
    {
        public TKernel Kernel;
        private nint _begin, _end;

        public readonly void Execute(nint begin, nint end)
        {
            var part = this with { _begin = begin, _end = end };
            Simd.Run<T, Job<TKernel, T, S, TRow>>(ref part);
        }

        public readonly void Run<V>() where V : unmanaged, ISimd<V, T> => Kernel.Rows<V, T, S, TRow>(_begin, _end);
    }
}
