using System.Numerics;
using NativeTrainer.Tensors;

namespace NativeTrainer.Kernels.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void MatMul(Tensor left, Tensor right, Tensor destination, double alpha = 1, double beta = 0, Tensor bias = default)
    {
        switch (destination.DType)
        {
            case DType.Float32: Products<float>(left, right, destination, (float)alpha, (float)beta, bias); break;
            case DType.Float64: Products<double>(left, right, destination, alpha, beta, bias); break;
            case DType.Float16: WideProducts<Half, HalfStorage>(left, right, destination, (float)alpha, (float)beta, bias); break;
            case DType.BFloat16: WideProducts<BFloat16, BFloat16Storage>(left, right, destination, (float)alpha, (float)beta, bias); break;
            default: throw RowKernel.Unsupported("MatMul", destination.DType, "float32, float64, float16 or bfloat16");
        }
    }

    private static void Products<T>(Tensor left, Tensor right, Tensor destination, T alpha, T beta, Tensor bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var problem = new GemmProblem<T>
        {
            M = (nint)destination.Size(-2), N = (nint)destination.Size(-1), K = (nint)left.Size(-1), Alpha = alpha, Beta = beta, Batch = 1,
            A = (T*)left.Address, ARow = (nint)left.Layout.Stride(-2), AColumn = (nint)left.Layout.Stride(-1),
            B = (T*)right.Address, BRow = (nint)right.Layout.Stride(-2), BColumn = (nint)right.Layout.Stride(-1),
            C = (T*)destination.Address, CRow = (nint)destination.Layout.Stride(-2),
        };
        var batch = new MatMulBatch { Left = left.Layout, Right = right.Layout, Destination = destination.Layout };
        if (bias.IsAlive) batch.Run(problem, new BiasEpilogue<T>((T*)bias.Address));
        else batch.Run(problem, new NoEpilogue<T>());
    }

    // float16 and bfloat16: item by item through float32.
    private static void WideProducts<S, TRow>(Tensor left, Tensor right, Tensor destination, float alpha, float beta, Tensor bias)
        where S : unmanaged
        where TRow : struct, IRowStorage<S, float>
    {
        nint m = (nint)destination.Size(-2), n = (nint)destination.Size(-1), k = (nint)left.Size(-1);
        using Scratch.Loan<float> a = Scratch.Rent<float>(m * k), b = Scratch.Rent<float>(k * n), c = Scratch.Rent<float>(m * n);
        using var shift = Scratch.Rent<float>(n);
        var batch = new MatMulBatch { Left = left.Layout, Right = right.Layout, Destination = destination.Layout };
        for (nint item = 0; item < batch.Count; item++)
        {
            var (leftAt, rightAt, destinationAt) = batch.Offsets(item);
            Widen((S*)left.Address + leftAt, left.Layout, a.Pointer, m, k);
            Widen((S*)right.Address + rightAt, right.Layout, b.Pointer, k, n);
            var home = (S*)destination.Address + destinationAt;
            if (beta != 0) Widen(home, destination.Layout, c.Pointer, m, n);
            var problem = new GemmProblem<float>(m, n, k, a.Pointer, b.Pointer, c.Pointer) { Alpha = alpha, Beta = beta };
            if (bias.IsAlive) Gemm.Run(problem, new BiasEpilogue<float>(TRow.Read((S*)bias.Address, n, shift.Pointer)));
            else Gemm.Run(problem);
            for (nint row = 0; row < m; row++) TRow.Write(c.Pointer + (row * n), home + (row * (nint)destination.Layout.Stride(-2)), n);
        }

        static void Gather(S* source, nint step, float* target, nint count)
        {
            for (nint i = 0; i < count; i++) TRow.Read(source + (i * step), 1, target + i);
        }

        static void Widen(S* source, in Layout layout, float* target, nint rows, nint columns)
        {
            nint down = (nint)layout.Stride(-2), across = (nint)layout.Stride(-1);
            for (nint row = 0; row < rows; row++)
            {
                var line = source + (row * down);
                if (across == 1) TRow.Read(line, columns, target + (row * columns));
                else Gather(line, across, target + (row * columns), columns);
            }
        }
    }

    /// <summary>The axes before the matrices, however they lie in each operand.</summary>
    private struct MatMulBatch
    {
        // As in the product itself: so much work is cut up inside, less is shared out whole.
        private const long LargeProduct = 64 << 20;

        public Layout Left, Right, Destination;

        public readonly nint Count
        {
            get
            {
                var count = 1L;
                foreach (var size in Destination.Shape.Sizes[..^2]) count *= size;
                return (nint)count;
            }
        }

        /// <summary>Where the matrices of an item begin, in elements from the tensors' addresses.</summary>
        public readonly (nint Left, nint Right, nint Destination) Offsets(nint item)
        {
            long left = 0, right = 0, destination = 0;
            for (var axis = Destination.Shape.Rank - 3; axis >= 0; axis--)
            {
                (var rest, var place) = Math.DivRem(item, (nint)Destination.Shape[axis]);
                left += place * Left.Stride(axis);
                right += place * Right.Stride(axis);
                destination += place * Destination.Stride(axis);
                item = rest;
            }
            return ((nint)left, (nint)right, (nint)destination);
        }

        public readonly void Run<T, TEpilogue>(GemmProblem<T> problem, TEpilogue epilogue)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            where TEpilogue : struct, IEpilogue<T>
        {
            var count = Count;
            var even = TryStep(Left, out problem.ABatch) & TryStep(Right, out problem.BBatch) & TryStep(Destination, out problem.CBatch);
            if (count > 1 && even)
            {
                Gemm.Run(problem with { Batch = count }, epilogue);
                return;
            }
            var items = new Items<T, TEpilogue> { Batch = this, Problem = problem, Epilogue = epilogue };
            var work = (long)problem.M * problem.N * Math.Max(1, problem.K);
            if (work >= LargeProduct) items.Execute(0, count);
            else CpuThreadPool.For(count, (nint)Math.Max(1, CpuThreadPool.WorthwhileWork * 32L / Math.Max(1, work)), items);
        }

        // Whether one step leads from each matrix to the next.
        private static bool TryStep(in Layout layout, out nint step)
        {
            step = 0;
            var covered = 1L;
            for (var axis = layout.Shape.Rank - 3; axis >= 0; axis--)
            {
                if (layout.Shape[axis] == 1) continue;
                if (covered == 1) step = (nint)layout.Stride(axis);
                else if (layout.Stride(axis) != step * covered) return false;
                covered *= layout.Shape[axis];
            }
            return true;
        }

        private struct Items<T, TEpilogue> : IParallelJob
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            where TEpilogue : struct, IEpilogue<T>
        {
            public MatMulBatch Batch;
            public GemmProblem<T> Problem;
            public TEpilogue Epilogue;

            public readonly void Execute(nint begin, nint end)
            {
                for (var item = begin; item < end; item++)
                {
                    var (left, right, destination) = Batch.Offsets(item);
                    Gemm.Run(Problem with { A = Problem.A + left, B = Problem.B + right, C = Problem.C + destination }, Epilogue);
                }
            }
        }
    }
}
