using NativeTrainer.Autograd.Tests.Support;

namespace NativeTrainer.Autograd.Tests.Operations;

/// <summary>GPT-2's gelu.</summary>
public sealed class GeluNewTests
{
    [TestCaseSource(typeof(GoldenCases), nameof(GoldenCases.Of), ["gelu_new"])]
    public void Agrees_with_torch(GoldenCase golden) => golden.Check(() => golden["x"].GeluNew());

    [Test]
    public void Gradients_agree_with_differences() => GradientCheck.Of(x => x[0].GeluNew(), GradientCheck.Normal([3, 5], 2));

    [Test]
    public void Allocates_nothing() => AllocationCheck.Of(x => x[0].GeluNew(), GradientCheck.Normal([3, 5], 2));
}
