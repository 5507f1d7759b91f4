using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>The exact gelu.</summary>
public sealed class GeluTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["gelu"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Gelu());

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Gelu(), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Gelu(), GradientCheck.Normal([3, 5], 2));
}
