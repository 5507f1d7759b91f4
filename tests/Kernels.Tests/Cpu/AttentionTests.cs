using System.Numerics;
using NativeTrainer.Kernels.Cpu;

namespace NativeTrainer.Kernels.Tests.Cpu;

/// <summary>Attention in tiles against its formula: lengths around the tiles' borders, layouts, masks, shared heads, gradients.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public sealed unsafe class AttentionTests<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public enum Masking
    {
        None,
        Keys,
        Full,
        FullTransposed,
        Heads,
        RowsAllLowest,
        RowsAllInfinite,
    }

    [Test]
    public void Lengths([Values(1, 3, 8, 9, 33, 130, 200)] int queries, [Values(1, 5, 96, 97, 200)] int keys, [Values] bool causal)
    {
        foreach (int size in new[] { 8, 19, 64 })
            Check(new Case { Queries = queries, Keys = keys, Size = size, Causality = causal ? Causality.FromEnd : Causality.None });
    }

    [Test]
    public void CausalFromTheStart([Values(1, 8, 40, 140)] int queries, [Values(1, 40, 100)] int keys) =>
        Check(new Case { Queries = queries, Keys = keys, Size = 16, Causality = Causality.FromStart });

    [Test]
    public void Masks([Values] Masking masking, [Values(1, 5, 50)] int queries, [Values(7, 120)] int keys, [Values] bool causal) =>
        Check(new Case
        {
            Batch = 2, Heads = 4, KeyHeads = 2, Queries = queries, Keys = keys, Size = 12, Masking = masking,
            Causality = causal ? Causality.FromEnd : Causality.None
        });

    [Test]
    public void SharedHeadsAndInterleavedLayouts([Values(1, 2, 3, 12)] int keyHeads, [Values(1, 6, 70)] int queries,
        [Values] bool interleaved) =>
        Check(new Case
        {
            Batch = 2, Heads = 12, KeyHeads = keyHeads, Queries = queries, Keys = 110, Size = 16, Interleaved = interleaved,
            Causality = Causality.FromEnd
        });

    [Test]
    public void OneHeadWithManyKeysIsSharedOut([Values] Masking masking) =>
        Check(new Case
        {
            Batch = 1, Heads = 2, KeyHeads = 1, Queries = 260, Keys = 700, Size = 32, Masking = masking,
            Causality = Causality.FromEnd
        });

    [Test]
    [NonParallelizable]
    public void ThreadsDoNotChangeABit([Values(1, 2, 20)] int heads, [Values(4, 150)] int queries)
    {
        int threads = CpuThreadPool.ThreadCount;
        try
        {
            Case c = new() { Heads = heads, KeyHeads = heads, Queries = queries, Keys = 300, Size = 24, Causality = Causality.FromEnd };
            CpuThreadPool.ThreadCount = 1;
            T[][] one = new Data(c).Run();
            foreach (int count in new[] { 2, 3, 8 })
            {
                CpuThreadPool.ThreadCount = count;
                T[][] several = new Data(c).Run();
                for (int k = 0; k < one.Length; k++) Assert.That(several[k], Is.EqualTo(one[k]), $"{c}: array {k} on {count} threads");
            }
        }
        finally
        {
            CpuThreadPool.ThreadCount = threads;
        }
    }

    private static void Check(Case c)
    {
        Data data = new(c);
        T[][] results = data.Run();
        double[][] expected = data.Expected();
        string[] names = ["output", "query gradient", "key gradient", "value gradient", "mask gradient"];
        double tolerance = typeof(T) == typeof(float) ? 3e-6 : 1e-13;
        for (int k = 0; k < results.Length; k++)
        {
            // With one key the gradients of scores cancel exactly, and the terms of their sums set the scale.
            double size = Math.Max(c.Keys == 1 ? Math.Sqrt(c.Queries * c.Size) : 0.5, expected[k].DefaultIfEmpty().Max(Math.Abs));
            Assert.That(results[k], Has.Length.EqualTo(expected[k].Length));
            for (int i = 0; i < expected[k].Length; i++)
            {
                if (!(Math.Abs(double.CreateTruncating(results[k][i]) - expected[k][i]) <= tolerance * size))
                    Assert.Fail($"{c}: {names[k]}, element {i} of {expected[k].Length} is {results[k][i]}, expected {expected[k][i]}");
            }
        }
    }

    private struct Case()
    {
        public int Batch = 1, Heads = 2, KeyHeads = 2, Queries, Keys, Size;
        public Causality Causality;
        public Masking Masking;
        public bool Interleaved;

        public override readonly string ToString() =>
            $"{typeof(T).Name} batch {Batch} heads {Heads}/{KeyHeads} queries {Queries} keys {Keys} size {Size} " +
            $"{Causality} mask {Masking} interleaved {Interleaved} seed 4";
    }

    private sealed class Data
    {
        private readonly Case _case;
        private readonly T[] _query, _key, _value, _outputGradient, _mask;
        private readonly (int Batch, int Head, int Row, int Column) _maskStrides;

        public Data(Case c)
        {
            _case = c;
            Random random = new(4);
            _query = Numbers(random, c.Batch * c.Heads * c.Queries * c.Size);
            _key = Numbers(random, c.Batch * c.KeyHeads * c.Keys * c.Size);
            _value = Numbers(random, c.Batch * c.KeyHeads * c.Keys * c.Size);
            _outputGradient = Numbers(random, c.Batch * c.Heads * c.Queries * c.Size);
            int all = c.Queries * c.Keys;
            (_maskStrides, int size) = c.Masking switch
            {
                Masking.None => ((0, 0, 0, 0), 0),
                Masking.Keys => ((c.Keys, 0, 0, 1), c.Batch * c.Keys),
                Masking.FullTransposed => ((c.Heads * all, all, 1, c.Queries), c.Batch * c.Heads * all),
                Masking.Heads => ((0, all, c.Keys, 1), c.Heads * all),
                _ => ((c.Heads * all, all, c.Keys, 1), c.Batch * c.Heads * all),
            };
            _mask = Numbers(random, size);
            if (c.Masking == Masking.Keys)
                for (int i = 0; i < size; i++) _mask[i] = random.Next(3) == 0 ? T.NegativeInfinity : T.Zero;
            if (c.Masking is Masking.RowsAllLowest or Masking.RowsAllInfinite)
            {
                T smallest = T.CreateTruncating(typeof(T) == typeof(float) ? float.MinValue : double.MinValue);
                T lowest = c.Masking == Masking.RowsAllInfinite ? T.NegativeInfinity : smallest;
                for (int i = 0; i < size; i++) if (i / c.Keys % 3 == 0 || random.Next(4) == 0) _mask[i] = lowest;
            }
        }

        /// <summary>Output and gradients of query, key, value and mask, all dense.</summary>
        public T[][] Run()
        {
            Case c = _case;
            T[] output = Worst(_query.Length), query = Worst(_query.Length), key = Worst(_key.Length), value = Worst(_value.Length);
            T[] q = Lay(_query, c.Heads, c.Queries), k = Lay(_key, c.KeyHeads, c.Keys), v = Lay(_value, c.KeyHeads, c.Keys);
            T[] g = Lay(_outputGradient, c.Heads, c.Queries), mask = new T[_mask.Length];
            T[] max = new T[c.Batch * c.Heads * c.Queries], sum = new T[max.Length];
            fixed (T* pq = q, pk = k, pv = v, po = output, pm = _mask, pMax = max, pSum = sum)
            fixed (T* pg = g, gq = query, gk = key, gv = value, gm = mask)
            {
                AttentionProblem<T> problem = Problem(pq, pk, pv, pm);
                problem.Output = View(po, c.Heads, c.Queries);
                problem.RowMax = pMax;
                problem.RowSum = pSum;
                Attention.Forward(problem);
                AttentionGradients<T> gradients = new()
                {
                    Output = View(pg, c.Heads, c.Queries), Query = View(gq, c.Heads, c.Queries),
                    Key = View(gk, c.KeyHeads, c.Keys), Value = View(gv, c.KeyHeads, c.Keys),
                    Mask = problem.Mask with { Pointer = gm },
                };
                Attention.Backward(problem, gradients);
            }

            T[][] rows = [Unlay(output, c.Heads, c.Queries), Unlay(query, c.Heads, c.Queries)];
            return [.. rows, Unlay(key, c.KeyHeads, c.Keys), Unlay(value, c.KeyHeads, c.Keys), mask];
        }

        public double[][] Expected()
        {
            Case c = _case with { Interleaved = false };
            fixed (T* pq = _query, pk = _key, pv = _value, pm = _mask)
            {
                AttentionProblem<T> problem = Problem(pq, pk, pv, pm);
                problem.Query = Dense(pq, c.Heads, c.Queries);
                problem.Key = Dense(pk, c.KeyHeads, c.Keys);
                problem.Value = Dense(pv, c.KeyHeads, c.Keys);
                NaiveAttention<T> naive = new(problem);
                double[] gradient = [.. _outputGradient.Select(x => double.CreateTruncating(x))];
                (double[] query, double[] key, double[] value, double[] full) = naive.Gradients(gradient);
                double[] mask = new double[_mask.Length];
                for (int i = 0; i < full.Length && mask.Length > 0; i++)
                {
                    int of = i / c.Keys / c.Queries, batch = of / c.Heads, head = of % c.Heads;
                    int row = i / c.Keys % c.Queries, column = i % c.Keys;
                    int at = batch * _maskStrides.Batch + head * _maskStrides.Head + row * _maskStrides.Row + column * _maskStrides.Column;
                    mask[at] += full[i];
                }

                return [naive.Output, query, key, value, mask];
            }
        }

        private AttentionProblem<T> Problem(T* query, T* key, T* value, T* mask) => new()
        {
            Batch = _case.Batch, Heads = _case.Heads, KeyHeads = _case.KeyHeads,
            Queries = _case.Queries, Keys = _case.Keys, HeadSize = _case.Size,
            Query = View(query, _case.Heads, _case.Queries),
            Key = View(key, _case.KeyHeads, _case.Keys), Value = View(value, _case.KeyHeads, _case.Keys),
            Mask = new()
            {
                Pointer = _mask.Length == 0 ? null : mask,
                Batch = _maskStrides.Batch, Head = _maskStrides.Head, Row = _maskStrides.Row, Column = _maskStrides.Column,
            },
            Causality = _case.Causality, Scale = T.One / T.Sqrt(T.CreateTruncating(_case.Size)),
        };

        // Interleaved: [batch, row, head, size], as a projection leaves it.
        private HeadView<T> View(T* pointer, int heads, int rows) => !_case.Interleaved
            ? Dense(pointer, heads, rows)
            : new() { Pointer = pointer, Batch = heads * rows * _case.Size, Head = _case.Size, Row = heads * _case.Size };

        private HeadView<T> Dense(T* pointer, int heads, int rows) => HeadView<T>.Dense(pointer, heads, rows, _case.Size);

        private T[] Lay(T[] dense, int heads, int rows) => Move(dense, heads, rows, true);

        private T[] Unlay(T[] laid, int heads, int rows) => Move(laid, heads, rows, false);

        private T[] Move(T[] from, int heads, int rows, bool forth)
        {
            if (!_case.Interleaved) return from;
            T[] to = new T[from.Length];
            for (int i = 0; i < from.Length; i++)
            {
                int of = i / _case.Size / rows, batch = of / heads, head = of % heads, row = i / _case.Size % rows, e = i % _case.Size;
                int laid = ((batch * rows + row) * heads + head) * _case.Size + e;
                if (forth) to[laid] = from[i];
                else to[i] = from[laid];
            }

            return to;
        }
    }

    private static T[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.NextDouble() * 4 - 2))];

    private static T[] Worst(int count)
    {
        T[] array = new T[count];
        Array.Fill(array, T.NaN);
        return array;
    }
}
