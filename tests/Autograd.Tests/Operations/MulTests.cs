using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>left · right.</summary>
public sealed class MulTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["mul"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Mul(golden["y"]));

    [Test]
    public void Gradients_agree_with_differences() =>
        GradientCheck.Of(x => x[0] * x[1], GradientCheck.Normal([3, 1, 5], 2), GradientCheck.Normal([4, 1], 3));

    [Test]
    public void Allocates_nothing() =>
        AllocationCheck.Of(x => x[0] * x[1], GradientCheck.Normal([3, 1, 5], 2), GradientCheck.Normal([4, 1], 3));

    [Test]
    public void Numbers_on_either_side() =>
        GradientCheck.Of(x => 2.5 * (x[0] * -1.5), GradientCheck.Normal([3, 5], 2, scale: 0.3, shift: 2));

    [Test]
    public void Numbers_allocate_nothing() =>
        AllocationCheck.Of(x => 2.5 * (x[0] * -1.5), GradientCheck.Normal([3, 5], 2, scale: 0.3, shift: 2));
}
