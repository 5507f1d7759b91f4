using System.Numerics;
using NativeTrainer.Kernels.Cpu;

namespace NativeTrainer.Kernels.Tests.Cpu;

/// <summary>Transcendental functions against the system's, over all magnitudes.</summary>
public sealed unsafe class VectorMathTests
{
    private static readonly float[] EdgesOfFloat =
    [
        0f, -0f, 1f, -1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, float.MaxValue,
        float.MinValue,
        1.17549435e-38f, 88.72283f, 88.72284f, 88.7f, 89f, -87.33655f, -103.97f, -103.98f, -104f, 104f, 0.625f, 0.62499994f, 0.99999994f,
        4f, 3.9999998f,
        9.02f, 16.6f, 1.5707964f, 3.1415927f, 12000f, 12001f, 1e10f, 0.70710677f, 0.7071068f, 1.4142135f, 1.4142137f, 0.5f, 2f,
    ];

    [Test]
    public void ExpOfFloat() => CheckFloat<ExpOperator<float>>(Math.Exp, 1, Everywhere());

    [Test]
    public void LogOfFloat() => CheckFloat<LogOperator<float>>(Math.Log, 1, Everywhere());

    [Test]
    public void TanhOfFloat() => CheckFloat<TanhOperator<float>>(Math.Tanh, 1.5, Everywhere());

    [Test]
    public void SigmoidOfFloat() => CheckFloat<SigmoidOperator<float>>(x => 1 / (1 + Math.Exp(-x)), 3, Everywhere());

    [Test]
    public void ErfOfFloat() => CheckFloat<ErfOperator<float>>(VectorMath.Erf, 3, Everywhere());

    [Test]
    public void SinOfFloat() => CheckFloat<SinOperator<float>>(Math.Sin, 2.5, Everywhere());

    [Test]
    public void CosOfFloat() => CheckFloat<CosOperator<float>>(Math.Cos, 2.5, Everywhere());

    [Test]
    public void FunctionsOfDouble()
    {
        CheckDouble<ExpOperator<double>>(Math.Exp);
        CheckDouble<LogOperator<double>>(Math.Log);
        CheckDouble<TanhOperator<double>>(Math.Tanh);
        CheckDouble<SigmoidOperator<double>>(x => 1 / (1 + Math.Exp(-x)));
        CheckDouble<ErfOperator<double>>(VectorMath.Erf);
        CheckDouble<SinOperator<double>>(Math.Sin);
        CheckDouble<CosOperator<double>>(Math.Cos);
    }

    // 20 digits each from a computation with 50 digits.
    [TestCase(1e-300, 1.1283791670955125739e-300)]
    [TestCase(0.001, 0.0011283787909692363799)]
    [TestCase(0.1, 0.11246291601828489220)]
    [TestCase(0.5, 0.52049987781304653768)]
    [TestCase(1, 0.84270079294971486934)]
    [TestCase(1.7, 0.98379045859077456363)]
    [TestCase(2.3, 0.99885682340264334854)]
    [TestCase(2.5, 0.99959304798255504106)]
    [TestCase(3, 0.99997790950300141456)]
    [TestCase(5.5, 0.99999999999999264215)]
    [TestCase(7, 1.0)]
    public void ErfOfDouble(double x, double expected)
    {
        Assert.That(VectorMath.Erf(x), Is.EqualTo(expected).Within(5e-13).Percent);
        Assert.That(VectorMath.Erf(-x), Is.EqualTo(-expected).Within(5e-13).Percent);
    }

    [Test]
    public void EveryLaneAndEveryRemainderComputesTheSame()
    {
        const int most = 70;
        float* x = stackalloc float[most];
        float* y = stackalloc float[most + 1];
        for (int count = 1; count <= most; count++)
        {
            new Span<float>(x, count).Fill(0.7f);
            y[count] = 42;
            Elementwise.Map<float, TanhOperator<float>>(x, y, count);
            Assert.That(new Span<float>(y, count).ContainsAnyExcept(y[0]), Is.False, $"count {count}");
            Assert.That(y[count], Is.EqualTo(42f), $"written beyond count {count}");
        }
    }

    // Every magnitude and both signs: about a million numbers evenly spread over the bit patterns of float, then the edges.
    private static float[] Everywhere()
    {
        const uint step = 4093;
        float[] x = new float[uint.MaxValue / step + EdgesOfFloat.Length];
        for (int i = 0; i < x.Length - EdgesOfFloat.Length; i++) x[i] = BitConverter.UInt32BitsToSingle((uint)i * step);
        EdgesOfFloat.CopyTo(x, x.Length - EdgesOfFloat.Length);
        return x;
    }

    private static void CheckFloat<TOperator>(Func<double, double> reference, double ulps, float[] x)
        where TOperator : struct, IUnaryOperator<float>
    {
        float[] y = new float[x.Length];
        fixed (float* px = x, py = y) Elementwise.Map<float, TOperator>(px, py, x.Length);
        double worst = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double expected = reference(x[i]);
            float nearest = (float)expected;
            if (float.IsNaN(nearest) || float.IsInfinity(nearest) || nearest == 0)
            {
                Assert.That(y[i], Is.EqualTo(nearest), $"x {x[i]:R} (number {i})");
                if (nearest == 0 && expected == 0)
                    Assert.That(float.IsNegative(y[i]), Is.EqualTo(double.IsNegative(expected)), $"sign of zero for x {x[i]:R}");
                continue;
            }

            double error = Math.Abs(y[i] - expected) / (MathF.BitIncrement(MathF.Abs(nearest)) - (double)MathF.Abs(nearest));
            if (!(error <= ulps))
                Assert.Fail($"x {x[i]:R} (number {i}): {y[i]:R}, expected {expected:R}, {error:F2} ulp away, allowed {ulps}");
            worst = Math.Max(worst, error);
        }

        TestContext.Out.WriteLine($"worst error {worst:F3} ulp");
    }

    private static void CheckDouble<TOperator>(Func<double, double> reference) where TOperator : struct, IUnaryOperator<double>
    {
        Random random = new(5);
        IEnumerable<double> ordinary = Enumerable.Range(0, 3000).Select(_ => (random.NextDouble() - 0.5) * 40);
        double[] x = [0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, .. ordinary];
        double[] y = new double[x.Length];
        fixed (double* px = x, py = y) Elementwise.Map<double, TOperator>(px, py, x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = reference(x[i]);
            if (double.IsNaN(expected) || expected == 0 || double.IsInfinity(expected))
                Assert.That(y[i], Is.EqualTo(expected), $"{typeof(TOperator).Name} x {x[i]:R}");
            else
                Assert.That(Math.Abs(y[i] / expected - 1), Is.LessThan(1e-14),
                    $"{typeof(TOperator).Name} x {x[i]:R} seed 5: {y[i]:R}, expected {expected:R}");
        }
    }
}
