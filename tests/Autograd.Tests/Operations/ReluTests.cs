using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>The larger of input and 0.</summary>
public sealed class ReluTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["relu"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Relu());

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Relu(), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Relu(), GradientCheck.Normal([3, 5], 2));
}
