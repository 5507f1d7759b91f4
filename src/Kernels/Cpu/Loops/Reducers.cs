using System.Numerics;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>A reduction whose accumulators are elements: sums, maxima, minima.</summary>
internal unsafe interface IReducer<T>
    where T : unmanaged
{
    /// <summary>The result for no elements.</summary>
    T Start { get; }

    /// <summary>Contiguous elements in one.</summary>
    T Row(T* x, nint count);

    /// <summary>Takes rows in, each element into the accumulator of its column.</summary>
    void Columns(T* accumulators, T** rows, int rowCount, nint count);

    T Merge(T a, T b);
}

/// <summary>Sum of elements.</summary>
internal readonly struct SumReduction<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public V Start<V>() where V : unmanaged, ISimd<V, T> => V.Constant(0);

    public V Neutral<V>() where V : unmanaged, ISimd<V, T> => V.Constant(0);

    public V Accumulate<V>(V accumulator, V x) where V : unmanaged, ISimd<V, T> => accumulator + x;

    public V Merge<V>(V a, V b) where V : unmanaged, ISimd<V, T> => a + b;

    public T Fold<V>(V accumulator) where V : unmanaged, ISimd<V, T> => V.Sum(accumulator);
}

/// <summary>Largest element; nan if there is one.</summary>
internal readonly struct MaxReduction<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public V Start<V>() where V : unmanaged, ISimd<V, T> => V.Constant(double.NegativeInfinity);

    public V Neutral<V>() where V : unmanaged, ISimd<V, T> => V.Constant(double.NegativeInfinity);

    public V Accumulate<V>(V accumulator, V x) where V : unmanaged, ISimd<V, T> => V.Max(accumulator, x);

    public V Merge<V>(V a, V b) where V : unmanaged, ISimd<V, T> => V.Max(a, b);

    public T Fold<V>(V accumulator) where V : unmanaged, ISimd<V, T> => V.MaxAcross(accumulator);
}

/// <summary>Smallest element; nan if there is one.</summary>
internal readonly struct MinReduction<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public V Start<V>() where V : unmanaged, ISimd<V, T> => V.Constant(double.PositiveInfinity);

    public V Neutral<V>() where V : unmanaged, ISimd<V, T> => V.Constant(double.PositiveInfinity);

    public V Accumulate<V>(V accumulator, V x) where V : unmanaged, ISimd<V, T> => V.Min(accumulator, x);

    public V Merge<V>(V a, V b) where V : unmanaged, ISimd<V, T> => V.Min(a, b);

    public T Fold<V>(V accumulator) where V : unmanaged, ISimd<V, T> => V.MinAcross(accumulator);
}

/// <summary>A reduction of float or double in vectors.</summary>
internal readonly unsafe struct SimdReducer<T, TReduction> : IReducer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TReduction : struct, IReduction<T>
{
    public T Start => default(TReduction).Start<SimdScalar<T>>().Value;

    public T Row(T* x, nint count) => Elementwise.Reduce<T, TReduction>(x, count);

    public void Columns(T* accumulators, T** rows, int rowCount, nint count)
    {
        ColumnKernel kernel = new() { Accumulators = accumulators, Rows = rows, RowCount = rowCount, Count = count };
        Simd.Run<T, ColumnKernel>(ref kernel);
    }

    public T Merge(T a, T b) => default(TReduction).Merge(new SimdScalar<T>(a), new SimdScalar<T>(b)).Value;

    // Four rows at a time: the accumulators are read and written once for them.
    private struct ColumnKernel : ISimdKernel<T>
    {
        public T* Accumulators;
        public T** Rows;
        public int RowCount;
        public nint Count;

        public readonly void Run<V>() where V : unmanaged, ISimd<V, T>
        {
            var op = default(TReduction);
            T** rows = Rows, last = Rows + RowCount;
            for (; last - rows >= 4; rows += 4)
            {
                T* a = rows[0], b = rows[1], c = rows[2], d = rows[3], sums = Accumulators;
                nint i = 0;
                for (var end = Count - V.Count; i <= end; i += V.Count)
                {
                    var pair = op.Merge(op.Accumulate(V.Load(a + i), V.Load(b + i)), op.Accumulate(V.Load(c + i), V.Load(d + i)));
                    op.Merge(V.Load(sums + i), pair).Store(sums + i);
                }
                if ((int)(Count - i) is var rest && rest > 0)
                {
                    var none = op.Neutral<V>();
                    var pair = op.Merge(
                        op.Accumulate(V.LoadPartial(a + i, rest, none), V.LoadPartial(b + i, rest, none)),
                        op.Accumulate(V.LoadPartial(c + i, rest, none), V.LoadPartial(d + i, rest, none)));
                    op.Merge(V.LoadPartial(sums + i, rest, none), pair).StorePartial(sums + i, rest);
                }
            }
            for (; rows < last; rows++)
            {
                T* a = rows[0], sums = Accumulators;
                nint i = 0;
                for (var end = Count - V.Count; i <= end; i += V.Count) op.Accumulate(V.Load(sums + i), V.Load(a + i)).Store(sums + i);
                if ((int)(Count - i) is var rest && rest > 0)
                {
                    var none = op.Neutral<V>();
                    op.Accumulate(V.LoadPartial(sums + i, rest, none), V.LoadPartial(a + i, rest, none)).StorePartial(sums + i, rest);
                }
            }
        }
    }
}

/// <summary>A reduction of whole numbers.</summary>
internal readonly unsafe struct WholeReducer<TOperator> : IReducer<long>
    where TOperator : struct, IWholeReduction
{
    public long Start => TOperator.Start;

    public long Row(long* x, nint count)
    {
        var result = TOperator.Start;
        for (nint i = 0; i < count; i++) result = TOperator.Merge(result, x[i]);
        return result;
    }

    public void Columns(long* accumulators, long** rows, int rowCount, nint count)
    {
        for (var r = 0; r < rowCount; r++)
        {
            for (nint i = 0; i < count; i++) accumulators[i] = TOperator.Merge(accumulators[i], rows[r][i]);
        }
    }

    public long Merge(long a, long b) => TOperator.Merge(a, b);
}

/// <summary>What a reduction means for whole numbers.</summary>
internal interface IWholeReduction
{
    static abstract long Start { get; }

    static abstract long Merge(long a, long b);
}
