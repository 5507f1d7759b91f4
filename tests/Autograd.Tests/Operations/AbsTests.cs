using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>|input|.</summary>
public sealed class AbsTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["abs"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Abs());

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Abs(), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Abs(), GradientCheck.Normal([3, 5], 2));
}
