using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>Running sums.</summary>
public sealed class CumsumTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["cumsum"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Cumsum(golden.Int("dim")));

    [Test]
    public void Gradients_agree_with_differences() =>
        GradientCheck.Of(x => x[0].Cumsum(1) + x[0].Cumsum(-1), GradientCheck.Normal([3, 4, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Cumsum(1) + x[0].Cumsum(-1), GradientCheck.Normal([3, 4, 5], 2));

    [Test]
    public void Long_lines_are_summed_in_double()
    {
        var ones = Tensor.Empty([1, 100_000]);
        ones.AsSpan<float>().Fill(0.1f);
        var expected = (float)(100_000 * (double)0.1f);
        Assert.That(ones.Cumsum(1).ToArray<float>()[^1], Is.EqualTo(expected).Within(1e-3));
        Assert.That(ones.WithLayout(Layout.Contiguous([100_000, 1])).Cumsum(0).ToArray<float>()[^1], Is.EqualTo(expected).Within(1e-3));
    }
}
