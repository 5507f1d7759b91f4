using NativeTrainer.Autograd;
using NativeTrainer.Optimization;
using NativeTrainer.Tensors;

namespace NativeTrainer.Tests.Optimization;

/// <summary>Optimizers that came after Transformers 4.37, against their papers' formulas written out in float64.</summary>
public sealed class NewerOptimizerTests
{
    private const double Rate = 0.01, Decay = 0.1, Beta1 = 0.9, Beta2 = 0.95, Epsilon = 1e-6;
    private const int Rows = 5, Columns = 7, Count = Rows * Columns, Steps = 8;

    [TestCase(0, 0)]
    [TestCase(5, 20)]
    public void AdEMAMix_is_the_papers_algorithm_1(int alphaSteps, int beta3Steps)
    {
        const double alpha = 4, beta3 = 0.999;
        double[] fast = new double[Count], slow = new double[Count], squares = new double[Count];
        var rule = new AdEMAMixRule(alphaSteps, beta3Steps);
        Check(
            groups => new AdEMAMix(groups, Beta1, Beta2, beta3, alpha, Epsilon, alphaSteps, beta3Steps), 1e-14,
            (t, x, g) =>
            {
                var (a, b3) = (rule.Alpha(alpha, t), rule.Beta3(beta3, t));
                for (var i = 0; i < Count; i++)
                {
                    fast[i] = (Beta1 * fast[i]) + ((1 - Beta1) * g[i]);
                    squares[i] = (Beta2 * squares[i]) + ((1 - Beta2) * g[i] * g[i]);
                    slow[i] = (b3 * slow[i]) + ((1 - b3) * g[i]);
                    var first = fast[i] / (1 - Math.Pow(Beta1, t));
                    var second = squares[i] / (1 - Math.Pow(Beta2, t));
                    x[i] -= Rate * (((first + (a * slow[i])) / (Math.Sqrt(second) + Epsilon)) + (Decay * x[i]));
                }
            });
    }

    [Test]
    public void StableAdamW_is_the_papers_algorithm_2()
    {
        double[] v = new double[Count], u = new double[Count];
        Check(
            groups => new StableAdamW(groups, Beta1, Beta2, Epsilon), 1e-14,
            (t, x, g) =>
            {
                var b1 = Beta1 * (1 - Math.Pow(Beta1, t - 1)) / (1 - Math.Pow(Beta1, t));
                var b2 = Beta2 * (1 - Math.Pow(Beta2, t - 1)) / (1 - Math.Pow(Beta2, t));
                for (var i = 0; i < Count; i++)
                {
                    v[i] = (b1 * v[i]) + ((1 - b1) * g[i]);
                    u[i] = (b2 * u[i]) + ((1 - b2) * g[i] * g[i]);
                }
                var rms = Math.Sqrt(g.Select((y, i) => y * y / Math.Max(u[i], Epsilon * Epsilon)).Average());
                var rate = Rate / Math.Max(1, rms);
                for (var i = 0; i < Count; i++) x[i] -= rate * ((Decay * x[i]) + (v[i] / (Math.Sqrt(u[i]) + Epsilon)));
            },
            growing: true);
    }

    /// <summary>With the three sequences of the paper kept apart; the weights of evaluation are x.</summary>
    [Test]
    public void Schedule_free_AdamW_is_the_papers_algorithm_1()
    {
        double[]? x = null, z = null;
        double[] v = new double[Count], y = new double[Count];
        var sum = 0.0;
        var optimizer = Check(
            groups => new ScheduleFreeAdamW(groups, Beta1, Beta2, Epsilon, warmupSteps: 4), 1e-12,
            (t, shown, g) =>
            {
                x ??= [.. shown];
                z ??= [.. shown];
                shown.CopyTo(y, 0);
                var rate = Rate * Math.Min(1, t / 4.0);
                sum += rate * rate;
                var share = rate * rate / sum;
                for (var i = 0; i < Count; i++)
                {
                    v[i] = (Beta2 * v[i]) + ((1 - Beta2) * g[i] * g[i]);
                    var root = Math.Sqrt(v[i] / (1 - Math.Pow(Beta2, t)));
                    z[i] -= rate * ((g[i] / (root + Epsilon)) + (Decay * y[i]));
                    x[i] = ((1 - share) * x[i]) + (share * z[i]);
                    shown[i] = ((1 - Beta1) * z[i]) + (Beta1 * x[i]); // where the next gradient is taken
                }
            });
        var values = optimizer.Groups[0].Flat.View(optimizer.Groups[0].Flat.Values, 0);
        var before = values.ToArray<double>();
        optimizer.Eval();
        Assert.That(values.ToArray<double>(), Is.EqualTo(x).Within(1e-12));
        optimizer.Eval(); // nothing more to do
        Assert.That(values.ToArray<double>(), Is.EqualTo(x).Within(1e-12));
        optimizer.Train();
        Assert.That(values.ToArray<double>(), Is.EqualTo(before).Within(1e-12));
    }

    [TestCase(true, true)]
    [TestCase(false, true)]
    [TestCase(true, false)]
    public void Muon_is_its_authors_algorithm(bool matchesAdamW, bool nesterov)
    {
        var momentum = new double[Count];
        Check(
            groups => new Muon(groups, 0.95, nesterov, 5, matchesAdamW), 1e-12,
            (t, x, g) =>
            {
                for (var i = 0; i < Count; i++) momentum[i] += 0.05 * (g[i] - momentum[i]);
                var u = g.Select((y, i) => nesterov ? y + (0.95 * (momentum[i] - y)) : momentum[i]).ToArray();
                var norm = Math.Sqrt(u.Sum(y => y * y)) + 1e-7;
                u = [.. u.Select(y => y / norm)];
                for (var step = 0; step < 5; step++)
                {
                    var a = Product(u, Transposed(u, Rows, Columns), Rows, Columns, Rows);
                    var b = Product(a, a, Rows, Rows, Rows).Select((y, i) => (-4.7750 * a[i]) + (2.0315 * y)).ToArray();
                    var bu = Product(b, u, Rows, Rows, Columns);
                    u = [.. u.Select((y, i) => (3.4445 * y) + bu[i])];
                }
                var factor = matchesAdamW ? 0.2 * Math.Sqrt(Columns) : 1;
                for (var i = 0; i < Count; i++) x[i] = (x[i] * (1 - (Rate * Decay))) - (Rate * factor * u[i]);
            });
    }

    [Test]
    public void Muon_leaves_vectors_and_what_is_not_hidden_to_AdamW()
    {
        Parameter[] of = [new(Drawn(1, [4, 3])), new(Drawn(2, [6])), new(Drawn(3, [3, 4]))], same = [.. of.Select(p => new Parameter(p.Value.Clone()))];
        Optimizer muon = new Muon([new ParameterGroup(of, Rate, Decay)], isHidden: parameter => parameter != of[2]);
        Optimizer adam = new AdamW([new ParameterGroup(same, Rate, Decay)]);
        for (var i = 0; i < 3; i++)
        {
            of[i].Grad!.Value.CopyFrom(Drawn(10 + i, of[i].Shape));
            same[i].Grad!.Value.CopyFrom(Drawn(10 + i, of[i].Shape));
        }
        muon.Step();
        adam.Step();
        Assert.That(of[1].Value.ToArray<double>(), Is.EqualTo(same[1].Value.ToArray<double>()));
        Assert.That(of[2].Value.ToArray<double>(), Is.EqualTo(same[2].Value.ToArray<double>()));
        Assert.That(of[0].Value.ToArray<double>(), Is.Not.EqualTo(same[0].Value.ToArray<double>()));
    }

    [Test]
    public void Orthogonalized_matrices_have_singular_values_near_1()
    {
        foreach (var (rows, columns) in ((int, int)[])[(6, 20), (20, 6)])
        {
            var o = Muon.Orthogonalize(Drawn(4, [rows, columns]));
            Assert.That(o.Shape, Is.EqualTo(new Shape([rows, columns])));
            var small = rows < columns ? o.MatMul(o.Transpose(0, 1)) : o.Transpose(0, 1).MatMul(o);
            for (var i = 0; i < 6; i++) Assert.That(Math.Sqrt(small.ToArray<double>()[(i * 6) + i]), Is.InRange(0.6, 1.25));
        }
    }

    /// <summary>The 8-bit form follows the other as far as 8 bits go.</summary>
    [Test]
    public void AdEMAMix_in_8_bits_stays_near()
    {
        Parameter wide = new(Drawn(1, [5000]).To(DType.Float32)), narrow = new(wide.Value.Clone());
        Optimizer exact = new AdEMAMix([new ParameterGroup([wide], Rate, Decay)], beta3: 0.99);
        Optimizer coded = new AdEMAMix8Bit([new ParameterGroup([narrow], Rate, Decay)], beta3: 0.99);
        for (var step = 0; step < 10; step++)
        {
            var gradient = Drawn(50 + step, [5000]);
            wide.Grad!.Value.CopyFrom(gradient);
            narrow.Grad!.Value.CopyFrom(gradient);
            exact.Step();
            coded.Step();
        }
        var (a, b) = (wide.Value.ToArray<float>(), narrow.Value.ToArray<float>());
        Assert.That(a.Zip(b, (x, y) => Math.Abs(x - y)).Average(), Is.LessThan(0.02).And.GreaterThan(0));
    }

    // Some steps of an optimizer of one matrix, and of the formula; the weights must stay the same.
    private static Optimizer Check(
        Func<IReadOnlyList<ParameterGroup>, Optimizer> create, double tolerance, Action<int, double[], double[]> formula, bool growing = false)
    {
        var parameter = new Parameter(Drawn(1, [Rows, Columns]));
        var expected = parameter.Value.ToArray<double>();
        var optimizer = create([new ParameterGroup([parameter], Rate, Decay)]);
        for (var t = 1; t <= Steps; t++)
        {
            var gradient = growing ? Drawn(100 + t, [Rows, Columns]) * (double)(t * t) : Drawn(100 + t, [Rows, Columns]);
            parameter.Grad!.Value.CopyFrom(gradient);
            formula(t, expected, gradient.ToArray<double>());
            optimizer.Step();
            Assert.That(parameter.Value.ToArray<double>(), Is.EqualTo(expected).Within(tolerance), $"after {t} steps");
            Assert.That(parameter.Grad!.Value.ToArray<double>(), Is.All.Zero);
        }
        return optimizer;
    }

    private static Tensor Drawn(ulong seed, Shape shape)
    {
        var tensor = Tensor.Empty(shape, DType.Float64);
        new TorchGenerator(seed).Normal(tensor.AsSpan<double>());
        return tensor;
    }

    private static Tensor Drawn(int seed, Shape shape) => Drawn((ulong)seed, shape);

    private static double[] Transposed(double[] x, int rows, int columns) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => x[(i % rows * columns) + (i / rows)])];

    private static double[] Product(double[] a, double[] b, int rows, int inner, int columns) =>
        [.. Enumerable.Range(0, rows * columns).Select(
            i => Enumerable.Range(0, inner).Sum(k => a[(i / columns * inner) + k] * b[(k * columns) + (i % columns)]))];

    private sealed class AdEMAMixRule(int alphaSteps, int beta3Steps)
    {
        public double Alpha(double alpha, int t) => alphaSteps == 0 ? alpha : Math.Min(t * alpha / alphaSteps, alpha);

        public double Beta3(double beta3, int t)
        {
            if (beta3Steps == 0) return beta3;
            var (start, end, share) = (Math.Log(Beta1), Math.Log(beta3), (double)t / beta3Steps);
            return Math.Min(Math.Exp(start * end / (((1 - share) * end) + (share * start))), beta3);
        }
    }
}
