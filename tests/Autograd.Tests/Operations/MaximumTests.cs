using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>The larger of two.</summary>
public sealed class MaximumTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["maximum"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Maximum(golden["y"]));

    [Test]
    public void Gradients_agree_with_differences() =>
        GradientCheck.Of(x => x[0].Maximum(x[1]), GradientCheck.Normal([3, 1, 5], 2), GradientCheck.Normal([4, 1], 3));

    [Test]
    public void Allocates_nothing() =>
        AllocationCheck.Of(x => x[0].Maximum(x[1]), GradientCheck.Normal([3, 1, 5], 2), GradientCheck.Normal([4, 1], 3));
}
