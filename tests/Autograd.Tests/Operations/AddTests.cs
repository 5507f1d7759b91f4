using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>left + right.</summary>
public sealed class AddTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["add"])]
    public void Agrees_with_torch(GoldenCase golden)
    {
        if (!golden.Has("alpha")) golden.Check(() => golden["x"] + golden["y"]);
    }

    [Test]
    public void Gradients_agree_with_differences() =>
        GradientCheck.Of(x => x[0] + x[1], GradientCheck.Normal([3, 1, 5], 2), GradientCheck.Normal([4, 1], 3));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0] + x[1], GradientCheck.Normal([3, 5], 2), GradientCheck.Normal([3, 5], 3));
}
