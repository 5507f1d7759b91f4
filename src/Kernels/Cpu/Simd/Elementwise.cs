using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// The loops of elementwise operations over contiguous memory: whole vectors, then one partial vector. Output may be the same memory as an
/// input (not overlap it otherwise). <c>Parallel…</c> cuts long arrays for <see cref="CpuThreadPool"/>; the results are the same bits.
/// </summary>
internal static unsafe class Elementwise
{
    /// <summary>y[i] = op(x[i])</summary>
    public static void Map<T, TOperator>(T* x, T* y, nint count, TOperator op = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, IUnaryOperator<T>
    {
        MapKernel<T, TOperator> kernel = new() { X = x, Y = y, Count = count, Operator = op };
        Simd.Run<T, MapKernel<T, TOperator>>(ref kernel);
    }

    /// <summary>z[i] = op(x[i], y[i])</summary>
    public static void Zip<T, TOperator>(T* x, T* y, T* z, nint count, TOperator op = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, IBinaryOperator<T>
    {
        ZipKernel<T, TOperator> kernel = new() { X = x, Y = y, Z = z, Count = count, Operator = op };
        Simd.Run<T, ZipKernel<T, TOperator>>(ref kernel);
    }

    /// <summary>w[i] = op(x[i], y[i], z[i])</summary>
    public static void Zip3<T, TOperator>(T* x, T* y, T* z, T* w, nint count, TOperator op = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, ITernaryOperator<T>
    {
        Zip3Kernel<T, TOperator> kernel = new() { X = x, Y = y, Z = z, W = w, Count = count, Operator = op };
        Simd.Run<T, Zip3Kernel<T, TOperator>>(ref kernel);
    }

    /// <summary>y[i] = op(x[i], right)</summary>
    public static void MapRight<T, TOperator>(T* x, T right, T* y, nint count, TOperator op = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, IBinaryOperator<T> =>
        Map(x, y, count, new BindRight<T, TOperator> { Operator = op, Right = right });

    /// <summary>y[i] = op(left, x[i])</summary>
    public static void MapLeft<T, TOperator>(T left, T* x, T* y, nint count, TOperator op = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, IBinaryOperator<T> =>
        Map(x, y, count, new BindLeft<T, TOperator> { Operator = op, Left = left });

    /// <summary>All elements in one number; the order of accumulation depends on the count and the machine's vectors only.</summary>
    public static T Reduce<T, TReduction>(T* x, nint count, TReduction reduction = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : struct, IReduction<T>
    {
        ReduceKernel<T, TReduction> kernel = new() { X = x, Count = count, Reduction = reduction };
        Simd.Run<T, ReduceKernel<T, TReduction>>(ref kernel);
        return kernel.Result;
    }

    /// <summary>
    /// <see cref="Map"/> on several threads; <paramref name="cost"/> compares one element's work to reading and writing it.
    /// </summary>
    public static void ParallelMap<T, TOperator>(T* x, T* y, nint count, TOperator op = default, int cost = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, IUnaryOperator<T> =>
        CpuThreadPool.For(count, CpuThreadPool.GrainFor(cost), new MapKernel<T, TOperator> { X = x, Y = y, Operator = op });

    /// <summary><see cref="Zip"/> on several threads.</summary>
    public static void ParallelZip<T, TOperator>(T* x, T* y, T* z, nint count, TOperator op = default, int cost = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, IBinaryOperator<T> =>
        CpuThreadPool.For(count, CpuThreadPool.GrainFor(cost), new ZipKernel<T, TOperator> { X = x, Y = y, Z = z, Operator = op });

    /// <summary><see cref="Zip3"/> on several threads.</summary>
    public static void ParallelZip3<T, TOperator>(T* x, T* y, T* z, T* w, nint count, TOperator op = default, int cost = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, ITernaryOperator<T> =>
        CpuThreadPool.For(count, CpuThreadPool.GrainFor(cost), new Zip3Kernel<T, TOperator> { X = x, Y = y, Z = z, W = w, Operator = op });

    /// <summary><see cref="Reduce"/> on several threads: chunks of fixed length, merged in their order.</summary>
    public static T ParallelReduce<T, TReduction>(T* x, nint count, TReduction reduction = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : struct, IReduction<T>
    {
        nint grain = CpuThreadPool.GrainFor(1);
        nint chunks = (count + grain - 1) / grain;
        if (chunks <= 1) return Reduce(x, count, reduction);

        using Scratch.Loan<T> partial = Scratch.Rent<T>(chunks);
        ReduceKernel<T, TReduction> job = new() { X = x, Partial = partial.Pointer, Grain = grain, Reduction = reduction };
        CpuThreadPool.For(count, grain, job);
        SimdScalar<T> total = new(partial.Pointer[0]);
        for (nint i = 1; i < chunks; i++) total = reduction.Merge(total, new SimdScalar<T>(partial.Pointer[i]));
        return total.Value;
    }

    // Lanes beyond the end hold 1, which no operation minds.
    private static V Last<V, T>(T* at, int count) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        V.LoadPartial(at, count, V.Constant(1));

    private struct MapKernel<T, TOperator> : ISimdKernel<T>, IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, IUnaryOperator<T>
    {
        public T* X;
        public T* Y;
        public nint Count;
        public TOperator Operator;

        public readonly void Execute(nint begin, nint end)
        {
            MapKernel<T, TOperator> part = this with { X = X + begin, Y = Y + begin, Count = end - begin };
            Simd.Run<T, MapKernel<T, TOperator>>(ref part);
        }

        public readonly void Run<V>() where V : unmanaged, ISimd<V, T>
        {
            TOperator op = Operator;
            T* x = X, y = Y;
            nint i = 0;
            for (nint last = Count - V.Count; i <= last; i += V.Count) op.Invoke(V.Load(x + i)).Store(y + i);
            int rest = (int)(Count - i);
            if (rest > 0) op.Invoke(Last<V, T>(x + i, rest)).StorePartial(y + i, rest);
        }
    }

    private struct ZipKernel<T, TOperator> : ISimdKernel<T>, IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, IBinaryOperator<T>
    {
        public T* X;
        public T* Y;
        public T* Z;
        public nint Count;
        public TOperator Operator;

        public readonly void Execute(nint begin, nint end)
        {
            ZipKernel<T, TOperator> part = this with { X = X + begin, Y = Y + begin, Z = Z + begin, Count = end - begin };
            Simd.Run<T, ZipKernel<T, TOperator>>(ref part);
        }

        public readonly void Run<V>() where V : unmanaged, ISimd<V, T>
        {
            TOperator op = Operator;
            T* x = X, y = Y, z = Z;
            nint i = 0;
            for (nint last = Count - V.Count; i <= last; i += V.Count) op.Invoke(V.Load(x + i), V.Load(y + i)).Store(z + i);
            int rest = (int)(Count - i);
            if (rest > 0) op.Invoke(Last<V, T>(x + i, rest), Last<V, T>(y + i, rest)).StorePartial(z + i, rest);
        }
    }

    private struct Zip3Kernel<T, TOperator> : ISimdKernel<T>, IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, ITernaryOperator<T>
    {
        public T* X;
        public T* Y;
        public T* Z;
        public T* W;
        public nint Count;
        public TOperator Operator;

        public readonly void Execute(nint begin, nint end)
        {
            Zip3Kernel<T, TOperator> part = this with { X = X + begin, Y = Y + begin, Z = Z + begin, W = W + begin, Count = end - begin };
            Simd.Run<T, Zip3Kernel<T, TOperator>>(ref part);
        }

        public readonly void Run<V>() where V : unmanaged, ISimd<V, T>
        {
            TOperator op = Operator;
            T* x = X, y = Y, z = Z, w = W;
            nint i = 0;
            for (nint last = Count - V.Count; i <= last; i += V.Count) op.Invoke(V.Load(x + i), V.Load(y + i), V.Load(z + i)).Store(w + i);
            int rest = (int)(Count - i);
            if (rest > 0) op.Invoke(Last<V, T>(x + i, rest), Last<V, T>(y + i, rest), Last<V, T>(z + i, rest)).StorePartial(w + i, rest);
        }
    }

    private struct ReduceKernel<T, TReduction> : ISimdKernel<T>, IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TReduction : struct, IReduction<T>
    {
        public T* X;
        public T* Partial;
        public nint Count;
        public nint Grain;
        public TReduction Reduction;
        public T Result;

        public readonly void Execute(nint begin, nint end) => Partial[begin / Grain] = Reduce(X + begin, end - begin, Reduction);

        public void Run<V>() where V : unmanaged, ISimd<V, T>
        {
            TReduction op = Reduction;
            T* x = X;
            // Four accumulators hide the latency of an addition.
            V a = op.Start<V>(), b = a, c = a, d = a;
            nint i = 0;
            for (nint last = Count - 4 * V.Count; i <= last; i += 4 * V.Count)
            {
                a = op.Accumulate(a, V.Load(x + i));
                b = op.Accumulate(b, V.Load(x + i + V.Count));
                c = op.Accumulate(c, V.Load(x + i + 2 * V.Count));
                d = op.Accumulate(d, V.Load(x + i + 3 * V.Count));
            }

            for (nint last = Count - V.Count; i <= last; i += V.Count) a = op.Accumulate(a, V.Load(x + i));
            int rest = (int)(Count - i);
            if (rest > 0) b = op.Accumulate(b, V.LoadPartial(x + i, rest, op.Neutral<V>()));
            Result = op.Fold(op.Merge(op.Merge(a, b), op.Merge(c, d)));
        }
    }

    private struct BindRight<T, TOperator> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, IBinaryOperator<T>
    {
        public TOperator Operator;
        public T Right;

        public readonly V Invoke<V>(V x) where V : unmanaged, ISimd<V, T> => Operator.Invoke(x, V.Broadcast(Right));
    }

    private struct BindLeft<T, TOperator> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, IBinaryOperator<T>
    {
        public TOperator Operator;
        public T Left;

        public readonly V Invoke<V>(V x) where V : unmanaged, ISimd<V, T> => Operator.Invoke(V.Broadcast(Left), x);
    }
}
