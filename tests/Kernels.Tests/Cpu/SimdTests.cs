using System.Numerics;
using NativeTrainer.Kernels.Cpu;

namespace NativeTrainer.Kernels.Tests.Cpu;

/// <summary>Every width against the scalar operations of .NET; widths that the machine lacks run in the runtime's software.</summary>
[TestFixture(typeof(Simd512<float>), typeof(float))]
[TestFixture(typeof(Simd256<float>), typeof(float))]
[TestFixture(typeof(Simd128<float>), typeof(float))]
[TestFixture(typeof(SimdScalar<float>), typeof(float))]
[TestFixture(typeof(Simd512<double>), typeof(double))]
[TestFixture(typeof(Simd256<double>), typeof(double))]
[TestFixture(typeof(Simd128<double>), typeof(double))]
[TestFixture(typeof(SimdScalar<double>), typeof(double))]
internal sealed unsafe class SimdTests<V, T> where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly T[] Interesting =
        [.. new[] { 0.0, -0.0, 1, -1, 0.5, 1.5, 2.5, -2.5, 3.7, -3.7, 1e30, -1e-30, double.PositiveInfinity, double.NegativeInfinity,
            double.NaN, 7, 12345.678 }
            .Select(T.CreateTruncating)];

    [Test]
    public void ArithmeticIsThatOfScalars()
    {
        foreach ((T x, T y) in Pairs())
        {
            Check(V.Broadcast(x) + V.Broadcast(y), x + y, x, y);
            Check(V.Broadcast(x) - V.Broadcast(y), x - y, x, y);
            Check(V.Broadcast(x) * V.Broadcast(y), x * y, x, y);
            Check(V.Broadcast(x) / V.Broadcast(y), x / y, x, y);
            Check(V.Min(V.Broadcast(x), V.Broadcast(y)), T.Min(x, y), x, y);
            Check(V.Max(V.Broadcast(x), V.Broadcast(y)), T.Max(x, y), x, y);
            if (!T.IsNaN(x) && !T.IsNaN(y) && x != y)
            {
                Check(V.MinNative(V.Broadcast(x), V.Broadcast(y)), T.Min(x, y), x, y);
                Check(V.MaxNative(V.Broadcast(x), V.Broadcast(y)), T.Max(x, y), x, y);
            }
        }

        foreach (T x in Interesting)
        {
            Check(-V.Broadcast(x), -x, x, x);
            Check(V.Abs(V.Broadcast(x)), T.Abs(x), x, x);
            Check(V.Sqrt(V.Broadcast(x)), T.Sqrt(x), x, x);
            Check(V.Round(V.Broadcast(x)), T.Round(x), x, x);
            Check(V.Floor(V.Broadcast(x)), T.Floor(x), x, x);
        }

        Check(V.MultiplyAdd(V.Constant(3), V.Constant(5), V.Constant(7)), T.CreateTruncating(22), T.One, T.One);
        Check(V.Constant(0.1), T.CreateTruncating(0.1), T.One, T.One);
    }

    [Test]
    public void ComparisonsGiveMasksThatSelectUnderstands()
    {
        V yes = V.Constant(1), no = V.Constant(0);
        foreach ((T x, T y) in Pairs())
        {
            V a = V.Broadcast(x), b = V.Broadcast(y);
            Check(V.Select(V.LessThan(a, b), yes, no), x < y ? T.One : T.Zero, x, y);
            Check(V.Select(V.LessThanOrEqual(a, b), yes, no), x <= y ? T.One : T.Zero, x, y);
            Check(V.Select(V.GreaterThan(a, b), yes, no), x > y ? T.One : T.Zero, x, y);
            Check(V.Select(V.GreaterThanOrEqual(a, b), yes, no), x >= y ? T.One : T.Zero, x, y);
            Check(V.Select(V.Equal(a, b), yes, no), x == y ? T.One : T.Zero, x, y);
            Check(V.Select(~V.Equal(a, b), yes, no), x != y ? T.One : T.Zero, x, y);
            Check(V.Select(V.LessThan(a, b) | V.Equal(a, b), yes, no), x <= y ? T.One : T.Zero, x, y);
            Check(V.Equal(a, b) & yes, x == y ? T.One : T.Zero, x, y);
            Assert.That(V.Any(V.LessThan(a, b)), Is.EqualTo(x < y));
        }

        T* lanes = stackalloc T[V.Count];
        for (int i = 0; i < V.Count; i++)
        {
            new Span<T>(lanes, V.Count).Clear();
            lanes[i] = T.One;
            Assert.That(V.Any(V.GreaterThan(V.Load(lanes), no)), Is.True, $"lane {i}");
        }
    }

    [Test]
    public void BitsAreIntegersOfTheLanesSize()
    {
        bool single = typeof(T) == typeof(float);
        Check(V.Bits(single ? 0x3FC00000 : 0x3FF8000000000000), T.CreateTruncating(1.5), T.One, T.One);
        Check(V.ShiftLeft(V.Bits(single ? 127 : 1023), single ? 23 : 52), T.One, T.One, T.One);
        Check(V.AddBits(V.ShiftRight(V.Constant(4), 3), V.ShiftRight(V.Constant(4), 3)),
            SimdScalar<T>.AddBits(SimdScalar<T>.ShiftRight(SimdScalar<T>.Constant(4), 3),
                SimdScalar<T>.ShiftRight(SimdScalar<T>.Constant(4), 3)).Value, T.One, T.One);
        Check(V.Constant(-2.5) ^ V.Constant(-0.0), T.CreateTruncating(2.5), T.One, T.One);
        int most = single ? 252 : 2044;
        foreach (int n in new[] { 0, 1, -1, 5, 127, -126, -140, most, -most })
            foreach (double a in new[] { 1.0, -1.25, 1.9 })
                Check(V.ScaleByPowerOfTwo(V.Constant(a), V.Constant(n)), T.ScaleB(T.CreateTruncating(a), n), T.CreateTruncating(a),
                    T.CreateTruncating(n));
    }

    [Test]
    public void PartialLoadsAndStoresTouchOnlyTheirElements()
    {
        T* source = stackalloc T[V.Count + 1];
        T* target = stackalloc T[V.Count + 1];
        for (int count = 0; count <= V.Count; count++)
        {
            for (int i = 0; i <= V.Count; i++) (source[i], target[i]) = (T.CreateTruncating(i + 1), T.CreateTruncating(-7));
            V loaded = V.LoadPartial(source, count, V.Constant(99));
            loaded.StorePartial(target, count);
            for (int i = 0; i <= V.Count; i++)
                Assert.That(target[i], Is.EqualTo(i < count ? source[i] : T.CreateTruncating(-7)), $"count {count} element {i}");
            loaded.Store(target);
            for (int i = 0; i < V.Count; i++)
                Assert.That(target[i], Is.EqualTo(i < count ? source[i] : T.CreateTruncating(99)), $"count {count} lane {i}");
        }
    }

    [Test]
    public void LanesFoldIntoOneNumber()
    {
        T* x = stackalloc T[V.Count];
        for (int turn = 0; turn < V.Count; turn++)
        {
            for (int i = 0; i < V.Count; i++) x[(i + turn) % V.Count] = T.CreateTruncating(i - 3);
            Assert.That(V.Sum(V.Load(x)), Is.EqualTo(T.CreateTruncating(V.Count * (V.Count - 1) / 2 - 3 * V.Count)));
            Assert.That(V.MaxAcross(V.Load(x)), Is.EqualTo(T.CreateTruncating(V.Count - 4)));
            Assert.That(V.MinAcross(V.Load(x)), Is.EqualTo(T.CreateTruncating(-3)));
            x[turn] = T.NaN;
            Assert.That(V.MaxAcross(V.Load(x)), Is.NaN);
            Assert.That(V.MinAcross(V.Load(x)), Is.NaN);
        }
    }

    private static IEnumerable<(T X, T Y)> Pairs() => from x in Interesting from y in Interesting select (x, y);

    private static void Check(V actual, T expected, T x, T y)
    {
        T* lanes = stackalloc T[V.Count];
        actual.Store(lanes);
        for (int i = 0; i < V.Count; i++)
        {
            Assert.That(lanes[i], Is.EqualTo(expected), $"lane {i} for {x} and {y}");
            if (expected == T.Zero)
                Assert.That(T.IsNegative(lanes[i]), Is.EqualTo(T.IsNegative(expected)), $"sign of zero in lane {i} for {x} and {y}");
        }
    }
}
