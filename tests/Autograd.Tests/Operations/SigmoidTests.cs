using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>The logistic function.</summary>
public sealed class SigmoidTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["sigmoid"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Sigmoid());

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Sigmoid(), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Sigmoid(), GradientCheck.Normal([3, 5], 2));
}
