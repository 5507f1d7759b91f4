using NativeTrainer.Autograd.Tests.Support;
using NativeTrainer.Tensors;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>Powers.</summary>
public sealed class PowTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["pow"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => Power(golden));

    [Test]
    public void Gradients_agree_with_differences() =>
        GradientCheck.Of(x => x[0].Pow(x[1]), GradientCheck.Normal([3, 1, 5], 2, scale: 0.3, shift: 2), GradientCheck.Normal([4, 1], 3));

    [Test]
    public void Allocates_nothing() =>
        AllocationCheck.Of(
            x => Tensor.Pow(2, x[0].Pow(x[1]).Pow(2)),
            GradientCheck.Normal([3, 1, 5], 2, scale: 0.3, shift: 2), GradientCheck.Normal([4, 1], 3));

    [Test]
    public void Whole_numbers()
    {
        Assert.That(Tensor.From([-3L, 0L, 2L], [3]).Pow(5).ToArray<long>(), Is.EqualTo(new long[] { -243, 0, 32 }));
        Assert.That(() => Tensor.From([2L], [1]).Pow(-1), Throws.ArgumentException);
    }

    private static Tensor Power(GoldenCase golden) => golden.OptionalDouble("base") is { } value ? Tensor.Pow(value, golden["x"])
        : golden.OptionalDouble("exponent") is { } exponent ? golden["x"].Pow(exponent)
        : golden["x"].Pow(golden["y"]);
}
