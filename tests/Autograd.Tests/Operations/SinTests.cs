using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>The sine.</summary>
public sealed class SinTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["sin"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Sin());

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Sin(), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Sin(), GradientCheck.Normal([3, 5], 2));
}
