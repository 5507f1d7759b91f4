using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>The hyperbolic tangent. In float32 1 - y² of a y near 1 loses digits, with torch too.</summary>
public sealed class TanhTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["tanh"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Tanh(), float32: 2e-5);

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Tanh(), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Tanh(), GradientCheck.Normal([3, 5], 2));
}
