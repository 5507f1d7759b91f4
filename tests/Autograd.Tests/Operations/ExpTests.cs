using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>e^input.</summary>
public sealed class ExpTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["exp"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].Exp());

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].Exp(), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].Exp(), GradientCheck.Normal([3, 5], 2));
}
