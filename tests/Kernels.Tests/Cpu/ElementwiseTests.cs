using NativeTrainer.Kernels.Cpu;

namespace NativeTrainer.Kernels.Tests.Cpu;

public sealed unsafe class ElementwiseTests
{
    private static readonly int[] Counts = [0, 1, 3, 15, 16, 17, 63, 64, 65, 200, 32_768, 100_001];

    [TestCaseSource(nameof(Counts))]
    public void LoopsVisitEveryElementOnceAndNothingElse(int count)
    {
        float[] x = Numbers(count, 1), y = Numbers(count, 2), z = Numbers(count, 3), w = new float[count + 1];
        fixed (float* px = x, py = y, pz = z, pw = w)
        {
            float* a = px, b = py, c = pz, d = pw;
            Check("Map", i => x[i] * 3, () => Elementwise.Map<float, Triple>(a, d, count));
            Check("Zip", i => x[i] - y[i], () => Elementwise.Zip<float, Subtract>(a, b, d, count));
            Check("Zip3", i => x[i] * 2 - y[i] + z[i], () => Elementwise.Zip3<float, Mix>(a, b, c, d, count));
            Check("MapRight", i => x[i] - 5, () => Elementwise.MapRight<float, Subtract>(a, 5, d, count));
            Check("MapLeft", i => 5 - x[i], () => Elementwise.MapLeft<float, Subtract>(5, a, d, count));
            Check("ParallelMap", i => x[i] * 3, () => Elementwise.ParallelMap<float, Triple>(a, d, count));
            Check("ParallelZip", i => x[i] - y[i], () => Elementwise.ParallelZip<float, Subtract>(a, b, d, count, cost: 8));
            Check("ParallelZip3", i => x[i] * 2 - y[i] + z[i], () => Elementwise.ParallelZip3<float, Mix>(a, b, c, d, count, cost: 8));
        }

        void Check(string name, Func<int, float> expected, Action run)
        {
            Array.Clear(w);
            w[count] = 42;
            run();
            for (int i = 0; i < count; i++)
                if (w[i] != expected(i)) Assert.Fail($"{name}, {count} elements, element {i}: {w[i]}, expected {expected(i)}");
            Assert.That(w[count], Is.EqualTo(42f), $"{name} wrote beyond {count} elements");
        }
    }

    [TestCaseSource(nameof(Counts))]
    public void OutputMayBeAnInput(int count)
    {
        float[] x = Numbers(count, 1), y = Numbers(count, 2), kept = [.. x];
        fixed (float* a = x, b = y) Elementwise.Zip<float, Subtract>(a, b, a, count);
        for (int i = 0; i < count; i++) Assert.That(x[i], Is.EqualTo(kept[i] - y[i]), $"element {i} of {count}");
    }

    [TestCaseSource(nameof(Counts))]
    public void ReductionsTakeEveryElement(int count)
    {
        // Small whole numbers: their sums are exact in any order.
        float[] x = Numbers(count, 4);
        fixed (float* a = x)
        {
            Assert.That(Elementwise.Reduce<float, Sum>(a, count), Is.EqualTo((float)x.Sum(v => (double)v)));
            Assert.That(Elementwise.ParallelReduce<float, Sum>(a, count), Is.EqualTo((float)x.Sum(v => (double)v)));
            for (int i = 0; i < count; i++) x[i] -= 1000;
            float largest = count == 0 ? float.NegativeInfinity : x.Max();
            Assert.That(Elementwise.Reduce<float, Largest>(a, count), Is.EqualTo(largest));
            Assert.That(Elementwise.ParallelReduce<float, Largest>(a, count), Is.EqualTo(largest));
            if (count == 0) return;
            x[count - 1] = float.NaN;
            Assert.That(Elementwise.Reduce<float, Largest>(a, count), Is.NaN);
        }
    }

    private static float[] Numbers(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-50, 50))];
    }

    private readonly struct Triple : IUnaryOperator<float>
    {
        public V Invoke<V>(V x) where V : unmanaged, ISimd<V, float> => x * V.Constant(3);
    }

    private readonly struct Subtract : IBinaryOperator<float>
    {
        public V Invoke<V>(V x, V y) where V : unmanaged, ISimd<V, float> => x - y;
    }

    private readonly struct Mix : ITernaryOperator<float>
    {
        public V Invoke<V>(V x, V y, V z) where V : unmanaged, ISimd<V, float> => V.MultiplyAdd(x, V.Constant(2), -y) + z;
    }

    private readonly struct Sum : IReduction<float>
    {
        public V Start<V>() where V : unmanaged, ISimd<V, float> => V.Constant(0);
        public V Neutral<V>() where V : unmanaged, ISimd<V, float> => V.Constant(0);
        public V Accumulate<V>(V accumulator, V x) where V : unmanaged, ISimd<V, float> => accumulator + x;
        public V Merge<V>(V a, V b) where V : unmanaged, ISimd<V, float> => a + b;
        public float Fold<V>(V accumulator) where V : unmanaged, ISimd<V, float> => V.Sum(accumulator);
    }

    private readonly struct Largest : IReduction<float>
    {
        public V Start<V>() where V : unmanaged, ISimd<V, float> => V.Constant(float.NegativeInfinity);
        public V Neutral<V>() where V : unmanaged, ISimd<V, float> => V.Constant(float.NegativeInfinity);
        public V Accumulate<V>(V accumulator, V x) where V : unmanaged, ISimd<V, float> => V.Max(accumulator, x);
        public V Merge<V>(V a, V b) where V : unmanaged, ISimd<V, float> => V.Max(a, b);
        public float Fold<V>(V accumulator) where V : unmanaged, ISimd<V, float> => V.MaxAcross(accumulator);
    }
}
