using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>gelu by way of a logistic function.</summary>
public sealed class QuickGeluTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["quick_gelu"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].QuickGelu());

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].QuickGelu(), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].QuickGelu(), GradientCheck.Normal([3, 5], 2));
}
