using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>-input.</summary>
public sealed class NegTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["neg"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Neg());

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Neg(), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Neg(), GradientCheck.Normal([3, 5], 2));
}
