using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeTrainer.Kernels.Cpu;

/// <summary>
/// Sums and maxima of a row, inside kernels that treat rows; the order of accumulation depends on the length and the machine's vectors
/// only.
/// </summary>
internal static unsafe class RowMath
{
    /// <summary>The largest element, nan if any is; −∞ for none.</summary>
    public static T Max<V, T>(T* x, nint count) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V a = V.Broadcast(T.NegativeInfinity), b = a;
        nint i = 0;
        for (nint last = count - 2 * V.Count; i <= last; i += 2 * V.Count)
        {
            a = V.Max(a, V.Load(x + i));
            b = V.Max(b, V.Load(x + i + V.Count));
        }
        for (; i < count; i += V.Count) a = V.Max(a, Load<V, T>(x + i, count - i, V.Broadcast(T.NegativeInfinity)));
        return V.MaxAcross(V.Max(a, b));
    }

    /// <summary>The largest absolute value, nan if any element is; 0 for none.</summary>
    public static T MaxMagnitude<V, T>(T* x, nint count)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V a = default;
        for (nint i = 0; i < count; i += V.Count) a = V.Max(a, V.Abs(Load<V, T>(x + i, count - i, default)));
        return V.MaxAcross(a);
    }

    /// <summary>The sum of the elements.</summary>
    public static T Sum<V, T>(T* x, nint count) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V a = default, b = default, c = default, d = default;
        nint i = 0;
        for (nint last = count - 4 * V.Count; i <= last; i += 4 * V.Count)
        {
            a += V.Load(x + i);
            b += V.Load(x + i + V.Count);
            c += V.Load(x + i + 2 * V.Count);
            d += V.Load(x + i + 3 * V.Count);
        }
        for (; i < count; i += V.Count) a += Load<V, T>(x + i, count - i, default);
        return V.Sum((a + b) + (c + d));
    }

    /// <summary>Σ x · y.</summary>
    public static T Dot<V, T>(T* x, T* y, nint count) where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V a = default, b = default, c = default, d = default;
        nint i = 0;
        for (nint last = count - 4 * V.Count; i <= last; i += 4 * V.Count)
        {
            a = V.MultiplyAdd(V.Load(x + i), V.Load(y + i), a);
            b = V.MultiplyAdd(V.Load(x + i + V.Count), V.Load(y + i + V.Count), b);
            c = V.MultiplyAdd(V.Load(x + i + 2 * V.Count), V.Load(y + i + 2 * V.Count), c);
            d = V.MultiplyAdd(V.Load(x + i + 3 * V.Count), V.Load(y + i + 3 * V.Count), d);
        }
        for (; i < count; i += V.Count) a = V.MultiplyAdd(Load<V, T>(x + i, count - i, default), Load<V, T>(y + i, count - i, default), a);
        return V.Sum((a + b) + (c + d));
    }

    /// <summary>Σ (x − from).</summary>
    public static T SumFrom<V, T>(T* x, T from, nint count)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V start = V.Broadcast(from), a = default;
        for (nint i = 0; i < count; i += V.Count) a += Load<V, T>(x + i, count - i, start) - start;
        return V.Sum(a);
    }

    /// <summary>Σ (x − from) · y.</summary>
    public static T DotFrom<V, T>(T* x, T from, T* y, nint count)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V start = V.Broadcast(from), a = default;
        for (nint i = 0; i < count; i += V.Count)
        {
            a = V.MultiplyAdd(Load<V, T>(x + i, count - i, start) - start, Load<V, T>(y + i, count - i, default), a);
        }
        return V.Sum(a);
    }

    /// <summary>The mean, to its last bit as far as the precision allows, and the variance (divided by the count).</summary>
    public static (T Mean, T Variance) Moments<V, T>(T* x, nint count)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Distances from a first mean give the variance without cancellation, and what rounding took from that mean.
        T n = T.CreateTruncating(count), mean = Sum<V, T>(x, count) / n;
        V m = V.Broadcast(mean), a = default, b = default, a2 = default, b2 = default;
        nint i = 0;
        for (nint last = count - 2 * V.Count; i <= last; i += 2 * V.Count)
        {
            V first = V.Load(x + i) - m, second = V.Load(x + i + V.Count) - m;
            a += first;
            b += second;
            a2 = V.MultiplyAdd(first, first, a2);
            b2 = V.MultiplyAdd(second, second, b2);
        }
        for (; i < count; i += V.Count)
        {
            V d = Load<V, T>(x + i, count - i, m) - m;
            a += d;
            a2 = V.MultiplyAdd(d, d, a2);
        }
        var rest = V.Sum(a + b) / n;
        return (mean + rest, T.Max(T.Zero, (V.Sum(a2 + b2) / n) - (rest * rest)));
    }

    /// <summary>Σ e^(x − shift).</summary>
    public static T SumExp<V, T>(T* x, T shift, nint count)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V s = V.Broadcast(shift), a = default, b = default;
        nint i = 0;
        for (nint last = count - 2 * V.Count; i <= last; i += 2 * V.Count)
        {
            a += VectorMath.Exp<V, T>(V.Load(x + i) - s);
            b += VectorMath.Exp<V, T>(V.Load(x + i + V.Count) - s);
        }
        for (; i < count; i += V.Count) a += VectorMath.Exp<V, T>(Load<V, T>(x + i, count - i, V.Broadcast(T.NegativeInfinity)) - s);
        return V.Sum(a + b);
    }

    /// <summary>y = e^(x − shift), and their sum; y may be x.</summary>
    public static T Exp<V, T>(T* x, T shift, T* y, nint count)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V s = V.Broadcast(shift), a = default, b = default;
        nint i = 0;
        for (nint last = count - 2 * V.Count; i <= last; i += 2 * V.Count)
        {
            V first = VectorMath.Exp<V, T>(V.Load(x + i) - s), second = VectorMath.Exp<V, T>(V.Load(x + i + V.Count) - s);
            first.Store(y + i);
            second.Store(y + i + V.Count);
            a += first;
            b += second;
        }
        for (; i < count; i += V.Count)
        {
            V e = VectorMath.Exp<V, T>(Load<V, T>(x + i, count - i, V.Broadcast(T.NegativeInfinity)) - s);
            Store(e, y + i, count - i);
            a += e;
        }
        return V.Sum(a + b);
    }

    /// <summary>y = x · factor; y may be x.</summary>
    public static void Scale<V, T>(T* x, T factor, T* y, nint count)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V f = V.Broadcast(factor);
        for (nint i = 0; i < count; i += V.Count) Store(Load<V, T>(x + i, count - i, default) * f, y + i, count - i);
    }

    /// <summary>z = x · y; z may be either.</summary>
    public static void Multiply<V, T>(T* x, T* y, T* z, nint count)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint i = 0; i < count; i += V.Count)
        {
            Store(Load<V, T>(x + i, count - i, default) * Load<V, T>(y + i, count - i, default), z + i, count - i);
        }
    }

    /// <summary>z = x + y; z may be either.</summary>
    public static void Add<V, T>(T* x, T* y, T* z, nint count)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint i = 0; i < count; i += V.Count)
        {
            Store(Load<V, T>(x + i, count - i, default) + Load<V, T>(y + i, count - i, default), z + i, count - i);
        }
    }

    /// <summary>
    /// A vector, or the <paramref name="left"/> elements that are left of the row, filled up with <paramref name="rest"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V, T>(T* x, nint left, V rest)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        left >= V.Count ? V.Load(x) : V.LoadPartial(x, (int)left, rest);

    /// <summary>Writes a vector, or as much of it as is <paramref name="left"/> of the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V, T>(V value, T* x, nint left)
        where V : unmanaged, ISimd<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (left >= V.Count) value.Store(x);
        else value.StorePartial(x, (int)left);
    }
}
