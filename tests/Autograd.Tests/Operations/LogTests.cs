using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>The natural logarithm.</summary>
public sealed class LogTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["log"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Log());

    [Test]
    public void Gradients_agree_with_differences() =>
        GradientCheck.Of(x => x[0].Log(), GradientCheck.Normal([3, 5], 2, scale: 0.2, shift: 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Log(), GradientCheck.Normal([3, 5], 2, scale: 0.2, shift: 2));
}
