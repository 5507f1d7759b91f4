using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Attention and its gradients in tiles: scores exist for one tile at a time, memory grows with the length of the sequence and not with its
/// square (Dao et al. 2022, arXiv:2205.14135). Causal tiles beyond the diagonal are skipped. Results are the same bits for any number of
/// threads.
/// </summary>
internal static unsafe class Attention
{
    /// <summary>Writes Output, RowMax and RowSum.</summary>
    public static void Forward<T>(in AttentionProblem<T> problem) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ForwardKernel<T> kernel = new() { Problem = problem };
        Simd.Run<T, ForwardKernel<T>>(ref kernel);
    }

    /// <summary>
    /// Writes the gradients of Query, Key and Value, from the forward pass's Output, RowMax and RowSum, and adds to that of Mask.
    /// </summary>
    public static void Backward<T>(in AttentionProblem<T> problem, in AttentionGradients<T> gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BackwardKernel<T> kernel = new() { Problem = problem, Gradients = gradients };
        Simd.Run<T, BackwardKernel<T>>(ref kernel);
    }

    private struct ForwardKernel<T> : ISimdKernel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public AttentionProblem<T> Problem;

        public readonly void Run<V>() where V : unmanaged, ISimd<V, T>
        {
            if (Problem.Queries <= SkinnyGemm<T>.MostFew) AttentionOfFew<V, T>.Run(Problem);
            else AttentionForward<V, T>.Run(Problem);
        }
    }

    private struct BackwardKernel<T> : ISimdKernel<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public AttentionProblem<T> Problem;
        public AttentionGradients<T> Gradients;

        public readonly void Run<V>() where V : unmanaged, ISimd<V, T> => AttentionBackward<V, T>.Run(Problem, Gradients);
    }
}
