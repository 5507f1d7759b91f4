using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>The cosine.</summary>
public sealed class CosTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["cos"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Cos());

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Cos(), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Cos(), GradientCheck.Normal([3, 5], 2));
}
